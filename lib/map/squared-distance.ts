/** Squared Euclidean distance of two rows that begin at `a` and `b`. */
export function squaredDistance(vectors: Float32Array, a: number, b: number, d: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let at = 0;
  for (; at + 3 < d; at += 4) {
    const d0 = vectors[a + at]! - vectors[b + at]!;
    const d1 = vectors[a + at + 1]! - vectors[b + at + 1]!;
    const d2 = vectors[a + at + 2]! - vectors[b + at + 2]!;
    const d3 = vectors[a + at + 3]! - vectors[b + at + 3]!;
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (; at < d; at++) s0 += (vectors[a + at]! - vectors[b + at]!) ** 2;
  return s0 + s1 + (s2 + s3);
}
