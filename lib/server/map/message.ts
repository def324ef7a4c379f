import type { KeepInput, KeptVersion, PlacedTraces } from "#lib/map/keep-map.ts";
import type { FaultReport } from "#lib/model/fault.ts";
import type { MapAnswer, MapProgress, MapRequest } from "#lib/ports/map-builder.ts";

/** What the worker is started with, by what it shall do. */
export interface MapTasks {
  readonly build: { readonly kind: "build"; readonly request: MapRequest };
  readonly freeze: { readonly kind: "freeze"; readonly request: KeepInput };
  readonly place: { readonly kind: "place"; readonly projection: Uint8Array; readonly texts: readonly string[] };
}

/** What each task gives. */
export interface MapAnswers {
  readonly build: MapAnswer;
  readonly freeze: KeptVersion;
  readonly place: PlacedTraces;
}

/** What the worker says. Buffers of an answer are moved, not copied. */
export type MapMessage =
  | { readonly kind: "progress"; readonly progress: MapProgress }
  | { readonly kind: "answer"; readonly answer: MapAnswers[keyof MapAnswers] }
  | { readonly kind: "fault"; readonly report: FaultReport };
