import type { KeepInput, KeptVersion, PlacedTraces } from "../map/keep-map.ts";
import type { Cluster } from "../model/run.ts";

/** What to map. */
export interface MapRequest {
  /** One per trace, in order; empty texts become noise at the edge. */
  readonly texts: readonly string[];
  readonly traceIds: readonly string[];
  readonly seed: number;
  /** Neighbours per point, 2..200; 15 by default. */
  readonly neighbours: number;
  /** Smallest cluster, in traces; 0 lets the size decide. */
  readonly minClusterSize: number;
}

/** A finished map; arrays have one entry per trace of the request, in its order. */
export interface MapAnswer {
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

/** How far a map is. */
export interface MapProgress {
  readonly step: "vectors" | "neighbours" | "layout" | "clusters" | "words";
  readonly done: number;
  readonly total: number;
}

/** Builds maps away from the event loop. Same request, same answer, to the bit. */
export interface MapBuilder {
  /** @throws Fault `limit` "stopped" when aborted, `invalid` when there is nothing to map */
  build(request: MapRequest, onProgress: (progress: MapProgress) => void, signal: AbortSignal): Promise<MapAnswer>;
  /** Builds a map that new traces can be placed on. @throws as `build`, and Fault `broken` for a damaged projection */
  freeze(request: KeepInput, onProgress: (progress: MapProgress) => void, signal: AbortSignal): Promise<KeptVersion>;
  /**
   * Places texts on a frozen map, beside maps that are being built.
   *
   * @throws Fault `limit` "stopped" when aborted, `broken` for a damaged projection
   */
  place(projection: Uint8Array, texts: readonly string[], signal: AbortSignal): Promise<PlacedTraces>;
  close(): Promise<void>;
}
