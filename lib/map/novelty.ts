import type { Neighbours } from "./neighbour-table.ts";

/**
 * How unlike the rest each point is, 0..1. With d the mean distance to a point's nearest traces
 * (repeats of the same text are traces at distance 0), m the median of d over all points and s the
 * median deviation from m times 1.4826: novelty = e / (1 + e), e = max(0, d - m) / (3 s). So half of all points have
 * 0, three robust deviations give 0.5, and 1 is never reached. All 0 where every d is the same.
 *
 * @param counts  how many traces stand at each point
 */
export function pointNovelty(neighbours: Neighbours, counts: Int32Array): Float32Array {
  const { n, k, index, distance } = neighbours;
  if (k < 2) return new Float32Array(n);
  const mean = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let wanted = Math.max(0, k - counts[i]!);
    let sum = 0;
    for (let at = i * k + 1; at < (i + 1) * k && wanted > 0; at++) {
      const taken = Math.min(wanted, counts[index[at]!]!);
      sum += taken * distance[at]!;
      wanted -= taken;
    }
    mean[i] = sum / (k - 1);
  }
  const middle = median(mean);
  const spread = 3 * 1.4826 * median(mean.map((value) => Math.abs(value - middle)));
  // With more than half of the points alike the deviation is 0; the mean excess stands in for it.
  const scale = spread > 1e-9 ? spread : mean.reduce((sum, value) => sum + Math.max(0, value - middle), 0) / n;
  if (!(scale > 1e-9)) return new Float32Array(n);
  return Float32Array.from(mean, (value) => {
    const excess = Math.max(0, value - middle) / scale;
    return excess / (1 + excess);
  });
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
