import type { EndedCluster, KeptCluster } from "../model/kept-map.ts";
import type { BuiltMap, MapInput, OnProgress } from "./build-map.ts";
import type { Overlap } from "./cluster-overlaps.ts";
import { describeParts } from "./cluster-parts.ts";
import type { FrozenProjection } from "./frozen-projection.ts";
import { NOISE } from "./hdbscan.ts";
import type { Lineage } from "./lineage.ts";
import { Placer } from "./place.ts";
import { formatProjection, parseProjection } from "./projection-bytes.ts";
import { buildFirstMap, refitMap } from "./refit-map.ts";
import { foldTexts, wordsOf } from "./texts.ts";
import { buildWordTable } from "./vocabulary.ts";

/** What to keep; see `FreezeRequest`. */
export interface KeepInput extends MapInput {
  /** Group of each trace, such as its business unit. */
  readonly units: readonly string[];
  readonly version: string;
  readonly before: { readonly projection: Uint8Array; readonly nextClusterId: number } | null;
}

/** A version of a map that stays; arrays have one entry per trace, in the order given. */
export interface KeptVersion {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Identity of the cluster, or NOISE. */
  readonly clusterId: Int32Array;
  readonly novelty: Float32Array;
  readonly vectors: string;
  readonly clusters: readonly KeptCluster[];
  readonly ended: readonly EndedCluster[];
  readonly nextClusterId: number;
  readonly movedShare: number | null;
  readonly projection: Uint8Array;
}

/** Builds a map, or the next version of one, with all that is needed to place traces on it later. */
export function keepMap(input: KeepInput, onProgress: OnProgress): KeptVersion {
  const { before, version } = input;
  if (before === null) {
    const { map, projection } = buildFirstMap(input, version, onProgress);
    return describe(input, map, projection, null);
  }
  const earlier = parseProjection(before.projection);
  const refit = refitMap(input, earlier, version, before.nextClusterId, onProgress);
  return describe(input, refit.map, refit.projection, { ...refit, earlier: earlier.identities });
}

/** Places texts on a kept map. */
export function placeTexts(
  bytes: Uint8Array,
  texts: readonly string[]
): Pick<KeptVersion, "x" | "y" | "clusterId" | "novelty"> {
  const projection = parseProjection(bytes);
  const { x, y, cluster, novelty } = new Placer(projection).placeTexts(texts);
  return { x, y, clusterId: identify(cluster, projection), novelty };
}

function describe(
  input: KeepInput,
  map: BuiltMap,
  projection: FrozenProjection,
  past: { readonly lineage: Lineage; readonly move: number; readonly earlier: Int32Array } | null
): KeptVersion {
  const folded = foldTexts(input.texts);
  const traces = { ...map, traceIds: input.traceIds, groups: input.units };
  const parts = describeParts(traces, folded, buildWordTable(folded.texts.map(wordsOf)), map.clusters.length);
  const clusters = map.clusters.map(({ id }): KeptCluster => {
    const origin = past?.lineage.origins[id];
    return {
      clusterId: projection.identities[id]!,
      change: origin?.kind ?? "born",
      from: origin?.evidence.filter(isTelling).map(({ before }) => past!.earlier[before]!) ?? [],
      parts: parts[id]!
    };
  });
  const ended = past?.lineage.ends.map(({ identity, kind, evidence }) => ({
    clusterId: identity,
    change: kind,
    into: evidence.filter(isTelling).map(({ after }) => projection.identities[after]!)
  }));
  return {
    x: map.x,
    y: map.y,
    clusterId: identify(map.cluster, projection),
    novelty: map.novelty,
    vectors: map.vectors,
    clusters,
    ended: ended ?? [],
    nextClusterId: past?.lineage.nextIdentity ?? clusters.length,
    movedShare: past?.move ?? null,
    projection: formatProjection(projection)
  };
}

/** A few strays do not make a cluster come from another. */
function isTelling({ ofBefore, ofAfter }: Overlap): boolean {
  return ofBefore >= 0.1 || ofAfter >= 0.1;
}

/** From the numbers of clusters in one version to what they are called for good. */
function identify(cluster: Int32Array, { identities }: FrozenProjection): Int32Array {
  return cluster.map((id) => (id === NOISE ? NOISE : identities[id]!));
}
