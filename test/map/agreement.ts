/**
 * How far two groupings of the same things agree beyond chance: 1 the same, 0 as chance would.
 *
 * @see adjusted Rand index: Hubert and Arabie 1985, doi:10.1007/BF01908075
 */
export function adjustedRand(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  const pairs = (count: number) => (count * (count - 1)) / 2;
  const { both, inA, inB } = crossTable(a, b);
  const sum = (counts: ReadonlyMap<string, number>) =>
    [...counts.values()].reduce((all, count) => all + pairs(count), 0);
  const [one, other, all] = [sum(inA), sum(inB), pairs(a.length)];
  const chance = (one * other) / all;
  return (sum(both) - chance) / ((one + other) / 2 - chance);
}

/**
 * Information two groupings share, over the mean of what each holds: 1 the same, 0 none.
 *
 * @see normalised mutual information: Strehl and Ghosh 2002, JMLR 3; arithmetic mean
 */
export function normalisedInformation(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  const { both, inA, inB } = crossTable(a, b);
  const entropy = (counts: ReadonlyMap<string, number>) =>
    [...counts.values()].reduce((sum, count) => sum - (count / a.length) * Math.log(count / a.length), 0);
  const [one, other] = [entropy(inA), entropy(inB)];
  return one + other > 0 ? (2 * (one + other - entropy(both))) / (one + other) : 1;
}

/**
 * The chance that one of the first is above one of the second, ties halved: 1 told apart, 0.5 not at all.
 *
 * @see area under the ROC curve by ranks: Mann and Whitney 1947, doi:10.1214/aoms/1177730491
 */
export function rankArea(above: ArrayLike<number>, below: ArrayLike<number>): number {
  const sorted = Float64Array.from(below).sort();
  const countBelow = (value: number, orEqual: boolean) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < value || (orEqual && sorted[middle] === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  let sum = 0;
  for (let i = 0; i < above.length; i++) sum += (countBelow(above[i]!, false) + countBelow(above[i]!, true)) / 2;
  return sum / (above.length * sorted.length);
}

function crossTable(a: readonly (string | number)[], b: readonly (string | number)[]) {
  const tally = (keys: readonly string[]): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts;
  };
  return {
    both: tally(a.map((value, at) => `${value}\u0000${b[at]}`)),
    inA: tally(a.map(String)),
    inB: tally(b.map(String))
  };
}
