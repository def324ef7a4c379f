/**
 * Wilson score interval for a pass rate.
 *
 * @param passes  count of passes, 0..trials
 * @param trials  count of judged traces; unscored traces are not trials
 * @param z       normal quantile; the default gives 95 %
 * @returns [low, high], each in 0..1; [0, 1] when there are no trials
 * @see Wilson 1927, doi:10.1080/01621459.1927.10502953
 */
export function wilsonInterval(passes: number, trials: number, z = 1.959963984540054): readonly [number, number] {
  if (trials === 0) return [0, 1];
  const rate = passes / trials;
  const scale = 1 + (z * z) / trials;
  const centre = (rate + (z * z) / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((rate * (1 - rate)) / trials + (z * z) / (4 * trials * trials));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
