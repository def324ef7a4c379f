/**
 * A quantile of some values, between the two nearest.
 *
 * @param sorted  ascending
 * @param share   0 for the least, 0.5 for the median, 1 for the greatest
 * @returns null where there are no values
 * @see Hyndman and Fan 1996, doi:10.2307/2684934, definition 7
 */
export function quantile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null;
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const [below, above] = [sorted[low]!, sorted[Math.min(low + 1, sorted.length - 1)]!];
  return below + (place - low) * (above - below);
}
