/**
 * How far neighbours on the plane are neighbours in the vectors too, 0..1, over an evenly spaced sample of points.
 *
 * @see Venna and Kaski 2001, doi:10.1007/3-540-44668-0_68
 */
export function trustworthiness(
  vectors: Float32Array,
  d: number,
  positions: ArrayLike<number>,
  k: number,
  sample: number
): number {
  const n = positions.length / 2;
  const stride = Math.max(1, Math.floor(n / sample));
  const high = new Float64Array(n);
  const low = new Float64Array(n);
  let penalty = 0;
  let judged = 0;
  for (let i = 0; i < n; i += stride, judged++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let c = 0; c < d; c++) sum += (vectors[i * d + c]! - vectors[j * d + c]!) ** 2;
      high[j] = sum;
      low[j] = (positions[i * 2]! - positions[j * 2]!) ** 2 + (positions[i * 2 + 1]! - positions[j * 2 + 1]!) ** 2;
    }
    high[i] = -1;
    low[i] = Infinity;
    const near: number[] = [];
    for (let j = 0; j < n; j++) {
      if (near.length === k && low[j]! >= low[near[k - 1]!]!) continue;
      let slot = near.length < k ? near.push(j) - 1 : k - 1;
      for (; slot > 0 && low[near[slot - 1]!]! > low[j]!; slot--) near[slot] = near[slot - 1]!;
      near[slot] = j;
    }
    for (const j of near) {
      let rank = 0;
      for (let other = 0; other < n; other++) if (high[other]! < high[j]!) rank++;
      penalty += Math.max(0, rank - k);
    }
  }
  return 1 - (2 * penalty) / (judged * k * (2 * n - 3 * k - 1));
}
