import type { Interval } from "./bootstrap.ts";

/** Normal quantile of a 95 % interval. */
const z = 1.959963984540054;

/**
 * 95 % interval of the difference of two shares of the same trials: of trials of which only one share counts, those of
 * the first less those of the second. It is wide where trials are few, also where none of them differs.
 *
 * @param first   trials that count for the first share alone
 * @param second  trials that count for the second alone
 * @param n       all trials
 * @returns within [-1, 1]; all of it without trials
 * @see Tango 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B
 */
export function pairedDifferenceInterval(first: number, second: number, n: number): Interval {
  if (n === 0) return [-1, 1];
  const difference = (first - second) / n;
  const isNear = (delta: number) => {
    const [a, b, c] = [2 * n, (2 * n - first + second) * delta - first - second, -second * delta * (1 - delta)];
    const q = (Math.sqrt(Math.max(0, b * b - 4 * a * c)) - b) / (2 * a);
    const variance = n * (2 * q + delta * (1 - delta));
    return (first - second - n * delta) ** 2 <= z * z * Math.max(0, variance);
  };
  /** The farthest point towards an end that is still as likely as 95 % ask. */
  const towards = (end: number) => {
    if (isNear(end)) return end;
    let [inside, outside] = [difference, end];
    for (let step = 0; step < 60; step++) {
      const middle = (inside + outside) / 2;
      if (isNear(middle)) inside = middle;
      else outside = middle;
    }
    return inside;
  };
  return [towards(-1), towards(1)];
}
