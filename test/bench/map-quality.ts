import { trustworthiness } from "../map/trustworthiness.ts";

/** How well a plane keeps neighbours, over an evenly spaced sample of points. */
export interface MapQuality {
  /** 0..1: how far neighbours on the plane are neighbours in the vectors. */
  readonly trustworthiness: number;
  /** 0..1: share of the k nearest in the vectors that are among the k nearest on the plane. */
  readonly preserved: number;
}

/** @param positions  n x 2 */
export function mapQuality(
  vectors: Float32Array,
  d: number,
  positions: ArrayLike<number>,
  k: number,
  sample: number
): MapQuality {
  const n = positions.length / 2;
  const stride = Math.max(1, Math.floor(n / sample));
  let [kept, judged] = [0, 0];
  for (let i = 0; i < n; i += stride, judged++) {
    const high = nearest(n, i, k, (j) => {
      let sum = 0;
      for (let c = 0; c < d; c++) sum += (vectors[i * d + c]! - vectors[j * d + c]!) ** 2;
      return sum;
    });
    const low = nearest(
      n,
      i,
      k,
      (j) => (positions[i * 2]! - positions[j * 2]!) ** 2 + (positions[i * 2 + 1]! - positions[j * 2 + 1]!) ** 2
    );
    kept += high.filter((j) => low.includes(j)).length;
  }
  return { trustworthiness: trustworthiness(vectors, d, positions, k, sample), preserved: kept / (judged * k) };
}

function nearest(n: number, i: number, k: number, distance: (j: number) => number): number[] {
  const all = Float64Array.from({ length: n }, (_, j) => (j === i ? Infinity : distance(j)));
  const near: number[] = [];
  for (let j = 0; j < n; j++) {
    if (near.length === k && all[j]! >= all[near[k - 1]!]!) continue;
    let slot = near.length < k ? near.push(j) - 1 : k - 1;
    for (; slot > 0 && all[near[slot - 1]!]! > all[j]!; slot--) near[slot] = near[slot - 1]!;
    near[slot] = j;
  }
  return near;
}
