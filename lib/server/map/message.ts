import type { ComingTexts, KeepInput, KeptVersion, PlacedTraces } from "#lib/map/keep-map.ts";
import type { VectorsOfTexts } from "#lib/map/place.ts";
import type { PartInput, TextNeighbours } from "#lib/map/text-neighbours.ts";
import type { FaultReport } from "#lib/model/fault.ts";
import type { MapAnswer, MapProgress, MapRequest, PrepareRequest } from "#lib/ports/map-builder.ts";
import type { CheckpointPlace } from "./checkpoints.ts";

/** What the worker shall do, by kind. */
export interface MapTasks {
  readonly prepare: { readonly kind: "prepare"; readonly request: PrepareRequest };
  readonly build: { readonly kind: "build"; readonly request: MapRequest };
  readonly freeze: { readonly kind: "freeze"; readonly request: KeepInput };
  readonly place: {
    readonly kind: "place";
    readonly projection: Uint8Array;
    readonly texts: readonly string[];
    readonly given: VectorsOfTexts | null;
  };
  readonly neighbours: { readonly kind: "neighbours"; readonly request: PartInput };
}

/** What the worker is started with. */
export interface MapOrder {
  readonly task: MapTasks[keyof MapTasks];
  /** Where steps are kept; null keeps none. */
  readonly checkpoints: CheckpointPlace | null;
}

/** What each task gives. */
export interface MapAnswers {
  readonly prepare: ComingTexts;
  readonly build: MapAnswer;
  readonly freeze: KeptVersion;
  readonly place: PlacedTraces;
  readonly neighbours: TextNeighbours;
}

/** What the worker says. Buffers of an answer are moved, not copied. */
export type MapMessage =
  | { readonly kind: "progress"; readonly progress: MapProgress }
  | { readonly kind: "answer"; readonly answer: MapAnswers[keyof MapAnswers] }
  | { readonly kind: "fault"; readonly report: FaultReport };
