import type { Boilerplate } from "../map/boilerplate.ts";
import type { MapInput } from "../map/build-map.ts";
import type { ComingTexts, KeepInput, KeptVersion, PlacedTraces } from "../map/keep-map.ts";
import type { ClusterGround } from "../map/label-texts.ts";
import type { MapStep, ResumePoint } from "../map/map-progress.ts";
import type { VectorsOfTexts } from "../map/place.ts";
import type { GivenVectors } from "../map/prepared-texts.ts";
import type { PartInput, TextNeighbours } from "../map/text-neighbours.ts";
import type { Cluster } from "../model/run.ts";

/** What to map; empty texts become noise at the edge. */
export interface MapRequest extends MapInput {
  /** Vectors that a model gave for the texts as `prepare` prepared them; without them they are made here. Their buffer moves. */
  readonly given?: GivenVectors | null;
}

/** What a finished map can be asked about again. */
export interface MapBasis {
  /** What the same points can be clustered anew from; null where there are too many. */
  readonly ground: ClusterGround | null;
  /** What was left out of its texts. */
  readonly boilerplate: Boilerplate;
}

/** A finished map; arrays have one entry per trace of the request, in its order. */
export interface MapAnswer extends MapBasis {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Cluster id, or -1 for noise. */
  readonly cluster: Int32Array;
  /** 0..1: how far a point lies from its neighbours against the others of the map. */
  readonly novelty: Float32Array;
  readonly clusters: readonly Cluster[];
  /** How vectors were made, for the run's record. */
  readonly vectors: string;
}

/** How far a map is. Answers of a model come before its steps, where its texts are those. */
export interface MapProgress {
  readonly step: MapStep | "answers";
  readonly done: number;
  readonly total: number;
  /** Where it goes on that was stopped before; absent in one that began anew. */
  readonly from?: ResumePoint;
}

/** Texts to prepare. */
export interface PrepareRequest {
  readonly texts: readonly string[];
  /** The kept map that they come to; null for one that is yet to be made. */
  readonly projection: Uint8Array | null;
  /** Of a map that is not kept: what was left out of its texts; found in these where it is absent. */
  readonly boilerplate?: Boilerplate;
}

/**
 * Builds maps away from the event loop. Same request, same answer, to the bit: also where it was stopped before and
 * goes on from there.
 */
export interface MapBuilder {
  /**
   * Cleans texts, leaves out what is the same everywhere, and folds repeats: what a model is asked for vectors of.
   *
   * @throws Fault `limit` "stopped" when aborted, `broken` for a damaged projection
   */
  prepare(request: PrepareRequest, signal: AbortSignal): Promise<ComingTexts>;
  /** @throws Fault `limit` "stopped" when aborted, `invalid` when there is nothing to map */
  build(request: MapRequest, onProgress: (progress: MapProgress) => void, signal: AbortSignal): Promise<MapAnswer>;
  /** Builds a map that new traces can be placed on. @throws as `build`, and Fault `broken` for a damaged projection */
  freeze(request: KeepInput, onProgress: (progress: MapProgress) => void, signal: AbortSignal): Promise<KeptVersion>;
  /**
   * Places texts on a frozen map, beside maps that are being built.
   *
   * @param given  vectors of the texts that it does not know, where they come from a model
   * @throws Fault `limit` "stopped" when aborted, `broken` for a damaged projection
   */
  place(
    projection: Uint8Array,
    texts: readonly string[],
    signal: AbortSignal,
    given?: VectorsOfTexts | null
  ): Promise<PlacedTraces>;
  /**
   * Finds the nearest of each text among some of a map's alone, beside maps that are being built.
   *
   * @throws Fault `limit` "stopped" when aborted, `invalid` where they are too few to lay out
   */
  neighbours(request: PartInput, signal: AbortSignal): Promise<TextNeighbours>;
  close(): Promise<void>;
}
