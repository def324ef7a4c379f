/**
 * Adjusted p-values: calling everything up to a rate found makes at most that share of the findings false, on average,
 * where tests are independent or positively dependent.
 *
 * @param pValues  0..1 each
 * @returns in the same order, each at least its p-value and at most 1
 * @see Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x
 */
export function adjustFalseDiscovery(pValues: readonly number[]): number[] {
  const order = Array.from(pValues.keys()).sort((a, b) => pValues[b]! - pValues[a]!);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let least = 1;
  order.forEach((at, rank) => {
    least = Math.min(least, pValues[at]! * (pValues.length / (pValues.length - rank)));
    adjusted[at] = least;
  });
  return adjusted;
}
