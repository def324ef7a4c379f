import type { FaultReport } from "#lib/model/fault.ts";
import type { MapAnswer, MapProgress, MapRequest } from "#lib/ports/map-builder.ts";

/** What the worker is started with. */
export interface MapTask {
  readonly request: MapRequest;
}

/** What the worker says. Buffers of an answer are moved, not copied. */
export type MapMessage =
  | { readonly kind: "progress"; readonly progress: MapProgress }
  | { readonly kind: "answer"; readonly answer: MapAnswer }
  | { readonly kind: "fault"; readonly report: FaultReport };
