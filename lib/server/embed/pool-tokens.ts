/**
 * Vectors of texts from those of their tokens, scaled to length one.
 *
 * @param states  texts x tokens x d
 * @param mask    texts x tokens, 0 for a token that only fills up
 * @param pooling the mean of the tokens that count, or the first
 * @returns texts x d
 */
export function poolTokens(
  states: Float32Array,
  mask: readonly (readonly number[])[],
  d: number,
  pooling: "mean" | "first"
): Float32Array {
  const vectors = new Float32Array(mask.length * d);
  const tokens = mask[0]?.length ?? 0;
  for (const [text, counts] of mask.entries()) {
    const sum = new Float64Array(d);
    for (let token = 0; token < tokens; token++) {
      if (pooling === "first" ? token > 0 : counts[token] === 0) continue;
      const from = (text * tokens + token) * d;
      for (let c = 0; c < d; c++) sum[c]! += states[from + c]!;
    }
    const length = Math.hypot(...sum);
    for (let c = 0; c < d; c++) vectors[text * d + c] = length > 0 ? sum[c]! / length : 0;
  }
  return vectors;
}
