/** What values mean: names, an order, equal steps, or steps from a true zero. */
export type MeasureLevel = "nominal" | "ordinal" | "interval" | "ratio";

/**
 * Krippendorff's alpha: agreement of any number of raters beyond chance, each of whom may have left items out.
 *
 * @param items  values by item, one per rater who judged it; items with fewer than two say nothing and are left out
 * @returns at most 1; null where fewer than two items have a pair of values, or all values are the same
 * @see Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"; the coincidence matrix of its step B
 */
export function krippendorffAlpha(items: readonly (readonly number[])[], level: MeasureLevel): number | null {
  const paired = items.filter((values) => values.length >= 2);
  if (paired.length < 2) return null;
  const values = [...new Set(paired.flat())].sort((a, b) => a - b);
  const at = new Map(values.map((value, index) => [value, index]));
  const coincidences = values.map(() => new Float64Array(values.length));
  for (const item of paired) {
    item.forEach((one, i) => {
      item.forEach((other, j) => {
        if (i !== j) coincidences[at.get(one)!]![at.get(other)!]! += 1 / (item.length - 1);
      });
    });
  }
  const totals = coincidences.map((row) => row.reduce((sum, count) => sum + count, 0));
  const n = totals.reduce((sum, total) => sum + total, 0);
  const distance = distances(values, totals, level);
  let [seen, expected] = [0, 0];
  for (let a = 0; a < values.length; a++) {
    for (let b = 0; b < values.length; b++) {
      seen += coincidences[a]![b]! * distance(a, b);
      expected += totals[a]! * totals[b]! * distance(a, b);
    }
  }
  return expected > 0 ? 1 - ((n - 1) * seen) / expected : null;
}

/** Squared distances of values, by their place in the order. */
function distances(
  values: readonly number[],
  totals: readonly number[],
  level: MeasureLevel
): (a: number, b: number) => number {
  switch (level) {
    case "nominal":
      return (a, b) => Number(a !== b);
    case "ordinal":
      return (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        let between = -(totals[low]! + totals[high]!) / 2;
        for (let rank = low; rank <= high; rank++) between += totals[rank]!;
        return between * between;
      };
    case "interval":
      return (a, b) => (values[a]! - values[b]!) ** 2;
    case "ratio":
      return (a, b) => {
        const sum = values[a]! + values[b]!;
        return sum === 0 ? 0 : ((values[a]! - values[b]!) / sum) ** 2;
      };
    default:
      return level satisfies never;
  }
}
