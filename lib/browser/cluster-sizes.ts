/** The smallest of the smallest clusters to choose from. */
const lowest = 5;

/** Steps of a whole scale. */
const most = 60;

/**
 * Smallest clusters to choose from, each about as much larger than the one before: from 5 to a tenth of the traces.
 *
 * @returns rising whole numbers; none where a tenth is not more than 5
 */
export function clusterSizes(traces: number): readonly number[] {
  const highest = Math.floor(traces / 10);
  if (highest <= lowest) return [];
  const sizes = Array.from({ length: most + 1 }, (_, at) => Math.round(lowest * (highest / lowest) ** (at / most)));
  return [...new Set(sizes)];
}

/** Place of the size that is nearest to one, measured as a ratio. */
export function nearestSize(sizes: readonly number[], size: number): number {
  const away = (at: number) => Math.abs(Math.log(sizes[at]! / Math.max(1, size)));
  return sizes.reduce((best, _, at) => (away(at) < away(best) ? at : best), 0);
}
