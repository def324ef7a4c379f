import { alignPoints, applyAlignment, mapWidth, medianMove } from "./align.ts";
import { type Anchor, type BuiltMap, drawMap, type MapInput } from "./build-map.ts";
import { type OpenCheckpoint, openNoCheckpoint } from "./checkpoint.ts";
import { type FrozenProjection, freezeMap, textKey } from "./frozen-projection.ts";
import { type Lineage, matchClusters } from "./lineage.ts";
import type { OnProgress } from "./map-progress.ts";
import type { Neighbours } from "./neighbour-table.ts";
import { fillNoise } from "./noise-fill.ts";
import { Placer } from "./place.ts";
import { steadyClusters, UNKNOWN } from "./steady-clusters.ts";
import type { DistinctTexts } from "./texts.ts";

/** A new version of a map and how it hangs together with the one before. */
export interface RefitMap {
  readonly map: BuiltMap;
  readonly folded: DistinctTexts;
  readonly projection: FrozenProjection;
  readonly lineage: Lineage;
  /** Texts that both versions have. */
  readonly known: number;
  /** Median move of a known text in shares of the earlier map's width; 0 without known texts. */
  readonly move: number;
}

/** A first version: what `buildMap` gives and what is kept of it. */
export function buildFirstMap(
  input: MapInput,
  version: string,
  onProgress: OnProgress = () => undefined,
  openCheckpoint: OpenCheckpoint = openNoCheckpoint
): { readonly map: BuiltMap; readonly folded: DistinctTexts; readonly projection: FrozenProjection } {
  const drawn = drawMap(input, onProgress, openCheckpoint);
  return { map: drawn.map, folded: drawn.folded, projection: freezeMap(drawn, version, input.seed) };
}

/** A known text moves at most this share of the width in the median. */
const MOST_MOVE = 0.015;

/**
 * Builds a map anew from other texts so that it looks like the one before: known texts start where they stood, new
 * ones where the earlier map places them, a short layout settles both, the whole is turned back upon the known texts
 * (and goes only part of the way where they would move too far), and clusters stay what they were unless the points say clearly otherwise. Vectors made here are fitted anew, so words of new texts count; those of a
 * model are given again. What is left out of the texts stays what it was, so that known texts are known.
 *
 * @param before        the earlier version, its vectors of the same kind
 * @param nextIdentity  above every identity the map ever had; what to give next time is in the lineage
 */
export function refitMap(
  input: MapInput,
  before: FrozenProjection,
  version: string,
  nextIdentity: number,
  onProgress: OnProgress = () => undefined,
  openCheckpoint: OpenCheckpoint = openNoCheckpoint
): RefitMap {
  const knownAt = new Map(Array.from(before.keys, (key, at) => [key, at]));
  const width = mapWidth(before.positions);
  const earlierOf = (texts: readonly string[]) => Int32Array.from(texts, (text) => knownAt.get(textKey(text)) ?? -1);
  let move = 0;
  let start = new Float64Array();
  const anchor: Anchor = {
    boilerplate: before.boilerplate,
    startOf: (texts) => {
      const given = input.given ? { texts, vectors: input.given.vectors } : null;
      const { x, y } = new Placer(before).placeCleaned(texts, given);
      start = new Float64Array(texts.length * 2);
      for (let i = 0; i < texts.length; i++) start.set([x[i]!, y[i]!], 2 * i);
      return start.slice();
    },
    align: (positions, texts, neighbours) => {
      const earlier = earlierOf(texts);
      const known = earlier.map((at, i) => (at < 0 ? -1 : i)).filter((i) => i >= 0);
      const moved = pick(positions, known);
      const fixed = pick(
        before.positions,
        known.map((i) => earlier[i]!)
      );
      const alignment = alignPoints(moved, fixed, false);
      const whole = medianMove(fixed, applyAlignment(alignment, moved), width);
      move = Math.min(whole, MOST_MOVE);
      const aligned = applyAlignment(alignment, positions);
      return whole > move ? holdBack(start, aligned, move / whole, earlier, neighbours) : aligned;
    },
    settle: (free, { texts, counts }, neighbours, least) => {
      const earlier = earlierOf(texts).map((at) => (at < 0 ? UNKNOWN : before.cluster[at]!));
      return steadyClusters(fillNoise(free, neighbours), earlier, neighbours, counts, least);
    }
  };
  const drawn = drawMap(input, onProgress, openCheckpoint, anchor);
  const earlier = earlierOf(drawn.folded.texts);
  const known = earlier.map((at, i) => (at < 0 ? -1 : i)).filter((i) => i >= 0);
  const lineage = matchClusters(
    {
      before: known.map((i) => before.cluster[earlier[i]!]!),
      after: known.map((i) => drawn.clusterOf[i]!),
      weight: known.map((i) => drawn.folded.counts[i]!)
    },
    sizesOf(before),
    drawn.map.clusters.map(({ size }) => size),
    before.identities,
    nextIdentity
  );
  const projection = freezeMap(drawn, version, input.seed, lineage.identities);
  return { map: drawn.map, folded: drawn.folded, projection, lineage, known: known.length, move };
}

/** Known points go a share of their way only, and new ones are taken along as far as their known neighbours were held back. */
function holdBack(
  from: Float64Array,
  to: Float64Array,
  share: number,
  earlier: Int32Array,
  { index, k }: Neighbours
): Float64Array {
  const back = to.map((at, i) => (1 - share) * (from[i]! - at));
  return to.map((at, i) => {
    const point = i >> 1;
    if (earlier[point]! >= 0) return at + back[i]!;
    let [sum, known] = [0, 0];
    for (let slot = point * k + 1; slot < (point + 1) * k; slot++) {
      const other = index[slot]!;
      if (earlier[other]! < 0) continue;
      sum += back[2 * other + (i & 1)]!;
      known++;
    }
    return known > 0 ? at + sum / known : at;
  });
}

/** Traces by cluster. */
function sizesOf({ cluster, counts, labels }: FrozenProjection): Float64Array {
  const sizes = new Float64Array(labels.length);
  cluster.forEach((id, text) => {
    if (id >= 0) sizes[id]! += counts[text]!;
  });
  return sizes;
}

/** Some rows of n x 2. */
function pick(points: Float64Array, rows: Int32Array): Float64Array {
  const out = new Float64Array(rows.length * 2);
  rows.forEach((row, at) => {
    out[2 * at] = points[2 * row]!;
    out[2 * at + 1] = points[2 * row + 1]!;
  });
  return out;
}
