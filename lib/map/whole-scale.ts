/** How vectors become whole numbers of 16 bits, which are compared twice as fast in half the memory. */
export interface WholeScale {
  /** d numbers: what is subtracted first. */
  readonly mean: Float64Array;
  /** What is multiplied then, before rounding. */
  readonly scale: number;
}

/** No vector is longer in whole numbers: the difference of two fits 16 bits, its square 32. */
const LONGEST = 16_383;
/** Where one vector is longer than so many times the usual, too little of 16 bits is left for the rest. */
const OUTLYING = 8;

/**
 * The scale at which the longest vector fills the range; undefined where it is so long that the others would lose
 * their differences.
 *
 * @param vectors  n x d, finite
 */
export function wholeScale(vectors: Float32Array, n: number, d: number): WholeScale | undefined {
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let c = 0; c < d; c++) mean[c]! += vectors[i * d + c]!;
  for (let c = 0; c < d; c++) mean[c]! /= n;
  let [longest, sum] = [0, 0];
  for (let i = 0; i < n; i++) {
    let length = 0;
    for (let c = 0; c < d; c++) length += (vectors[i * d + c]! - mean[c]!) ** 2;
    sum += length;
    if (length > longest) longest = length;
  }
  if (!(longest > 0) || longest > OUTLYING ** 2 * (sum / n)) return undefined;
  return { mean, scale: LONGEST / Math.sqrt(longest) };
}

/**
 * Writes the row of a vector that begins at `from`.
 *
 * @param to  d whole numbers from `at` on
 */
export function writeWhole(
  { mean, scale }: WholeScale,
  vectors: Float32Array,
  from: number,
  to: Int16Array,
  at: number
): void {
  for (let c = 0; c < mean.length; c++) to[at + c] = Math.round((vectors[from + c]! - mean[c]!) * scale);
}
