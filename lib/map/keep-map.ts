import { Fault } from "../model/fault.ts";
import type { EndedCluster, KeptCluster } from "../model/kept-map.ts";
import type { BusinessUnit } from "../model/scope.ts";
import type { Boilerplate } from "./boilerplate.ts";
import type { BuiltMap, MapInput } from "./build-map.ts";
import { type OpenCheckpoint, openNoCheckpoint } from "./checkpoint.ts";
import type { Overlap } from "./cluster-overlaps.ts";
import { describeParts } from "./cluster-parts.ts";
import { type FrozenProjection, textKey } from "./frozen-projection.ts";
import { NOISE } from "./hdbscan.ts";
import type { Lineage } from "./lineage.ts";
import type { OnProgress } from "./map-progress.ts";
import { Placer, type VectorsOfTexts } from "./place.ts";
import { type PreparedTexts, prepareTexts } from "./prepared-texts.ts";
import { formatProjection, parseProjection } from "./projection-bytes.ts";
import { buildFirstMap, refitMap } from "./refit-map.ts";
import { type DistinctTexts, wordsOf } from "./texts.ts";
import { buildWordTable } from "./vocabulary.ts";
import { voteAnew } from "./vote.ts";

/** A map that shall stay, and the version of it that there is. */
export interface KeepInput extends MapInput {
  /** Business unit of each trace, in order. */
  readonly units: readonly BusinessUnit[];
  /** Names this version in its projection. */
  readonly version: string;
  /** The version before, whose look and clusters are kept; null for a first one. */
  readonly before: { readonly projection: Uint8Array; readonly nextClusterId: number } | null;
}

/** Where traces stand on a kept map; one entry per trace, in the order given. */
export interface PlacedTraces {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Identity of the cluster, or NOISE. */
  readonly clusterId: Int32Array;
  /** The same for a trace that had come after the map was built, see `voteAnew`. */
  readonly arrivalClusterId: Int32Array;
  /** 0..1, on the scale of the map's own traces. */
  readonly novelty: Float32Array;
}

/** A version of a map that stays. */
export interface KeptVersion extends PlacedTraces {
  readonly vectors: string;
  /** Model that gave the vectors; null where they were made here. */
  readonly model: string | null;
  /** The largest first. */
  readonly clusters: readonly KeptCluster[];
  readonly ended: readonly EndedCluster[];
  readonly nextClusterId: number;
  /** Median move of a trace that was there before, as a share of the width; null for a first version. */
  readonly movedShare: number | null;
  /** What new traces are placed with. */
  readonly projection: Uint8Array;
}

/** Builds a map, or the next version of one, with all that is needed to place traces on it later. */
export function keepMap(
  input: KeepInput,
  onProgress: OnProgress,
  openCheckpoint: OpenCheckpoint = openNoCheckpoint
): KeptVersion {
  const { before, version } = input;
  if (before === null) {
    return describe(input, buildFirstMap(input, version, onProgress, openCheckpoint), null);
  }
  const earlier = parseProjection(before.projection);
  if (earlier.model !== (input.given?.model ?? null)) {
    throw new Fault(
      "conflict",
      `the map was made with ${earlier.method}, and cannot be built again with other vectors`
    );
  }
  const refit = refitMap(input, earlier, version, before.nextClusterId, onProgress, openCheckpoint);
  return describe(input, refit, { ...refit, earlier: earlier.identities });
}

/** Texts that come to a map, as it takes them. */
export interface ComingTexts extends PreparedTexts {
  /** Those of the distinct texts that it has no place for yet. */
  readonly unknown: readonly string[];
}

/**
 * Prepares texts for a map.
 *
 * @param bytes        the kept map that they come to; null for one that is not kept
 * @param boilerplate  of one that is not kept; found in the texts where it is yet to be made
 */
export function prepareFor(bytes: Uint8Array | null, texts: readonly string[], boilerplate?: Boilerplate): ComingTexts {
  if (bytes === null) {
    const prepared = prepareTexts(texts, boilerplate);
    return { ...prepared, unknown: prepared.folded.texts };
  }
  const projection = parseProjection(bytes);
  const prepared = prepareTexts(texts, projection.boilerplate);
  const known = new Set(projection.keys);
  return { ...prepared, unknown: prepared.folded.texts.filter((text) => !known.has(textKey(text))) };
}

/** Places texts on a kept map. @param given  vectors of those it does not know; null where it makes its own */
export function placeTexts(
  bytes: Uint8Array,
  texts: readonly string[],
  given: VectorsOfTexts | null = null
): PlacedTraces {
  const projection = parseProjection(bytes);
  const { x, y, cluster, novelty } = new Placer(projection).placeTexts(texts, given);
  const clusterId = identify(cluster, projection);
  return { x, y, clusterId, arrivalClusterId: clusterId, novelty };
}

function describe(
  input: KeepInput,
  {
    map,
    folded,
    projection
  }: { readonly map: BuiltMap; readonly folded: DistinctTexts; readonly projection: FrozenProjection },
  past: { readonly lineage: Lineage; readonly move: number; readonly earlier: Int32Array } | null
): KeptVersion {
  const traces = { ...map, traceIds: input.traceIds, groups: input.units };
  const parts = describeParts(traces, folded, buildWordTable(folded.texts.map(wordsOf)), map.clusters.length);
  const anew = voteAnew(projection);
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
    arrivalClusterId: identify(
      folded.owner.map((text) => (text < 0 ? NOISE : anew[text]!)),
      projection
    ),
    novelty: map.novelty,
    vectors: map.vectors,
    model: projection.model,
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
