import type { Neighbours } from "./neighbour-table.ts";
import { widenDistance } from "./unseen-words.ts";

/** What turns a mean distance to neighbours into novelty: one scale per map, kept with it. */
export interface NoveltyScale {
  /** The median of the mean distances. */
  readonly middle: number;
  /** The distance beyond the median that is a novelty of one half; 0 where all distances are the same. */
  readonly unit: number;
}

/**
 * How unlike the rest each point is, 0..1. With d the mean distance to a point's nearest traces
 * (repeats of the same text are traces at distance 0), m the median of d over all points and s the
 * median deviation from m times 1.4826: novelty = e / (1 + e), e = max(0, d - m) / (3 s). So half of all points have
 * 0, three robust deviations give 0.5, and 1 is never reached. All 0 where every d is the same.
 *
 * @param counts  how many traces stand at each point
 * @param unseen  by point, how much of it the others have no words for, which makes all distances longer
 */
export function pointNovelty(
  neighbours: Neighbours,
  counts: Int32Array,
  unseen: Float32Array
): { readonly novelty: Float32Array; readonly scale: NoveltyScale } {
  const { n, k, index, distance } = neighbours;
  if (k < 2) return { novelty: new Float32Array(n), scale: { middle: 0, unit: 0 } };
  const mean = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const [from, to] = [i * k + 1, (i + 1) * k];
    mean[i] = meanDistance(index.subarray(from, to), distance.subarray(from, to), counts, counts[i]! - 1, unseen[i]!);
  }
  const middle = median(mean);
  const spread = 3 * 1.4826 * median(mean.map((value) => Math.abs(value - middle)));
  // With more than half of the points alike the deviation is 0; the mean excess stands in for it.
  const unit = spread > 1e-9 ? spread : mean.reduce((sum, value) => sum + Math.max(0, value - middle), 0) / n;
  const scale = { middle, unit: unit > 1e-9 ? unit : 0 };
  return { novelty: Float32Array.from(mean, (value) => noveltyOf(value, scale)), scale };
}

/** Where all points of a map are alike, a distance of this much beyond them is a novelty of one half. */
const UNIT_OF_ALIKE = 0.1;

/** The novelty of a mean distance on a map's scale, 0..1 without 1. */
export function noveltyOf(mean: number, { middle, unit }: NoveltyScale): number {
  const excess = Math.max(0, mean - middle) / (unit > 0 ? unit : UNIT_OF_ALIKE);
  return excess / (1 + excess);
}

/**
 * Mean distance to as many traces as there are neighbours; repeats of a neighbour count each.
 *
 * @param index     neighbours by point id, nearest first
 * @param distance  of the same
 * @param repeats   traces that stand at the very place, distance 0
 * @param unseen    see `widenDistance`
 */
export function meanDistance(
  index: Int32Array,
  distance: Float32Array,
  counts: Int32Array,
  repeats: number,
  unseen: number
): number {
  let wanted = Math.max(0, index.length - repeats);
  let sum = 0;
  for (let at = 0; at < index.length && wanted > 0; at++) {
    const taken = Math.min(wanted, counts[index[at]!]!);
    sum += taken * widenDistance(distance[at]!, unseen);
    wanted -= taken;
  }
  return index.length > 0 ? sum / index.length : 0;
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
