import type { FaultReport } from "#lib/model/fault.ts";
import type { ModelFolder } from "./model-folder.ts";

/** What the thread of a local model is started with. */
export type LocalModelData = ModelFolder;

/** Texts to embed. */
export interface LocalRequest {
  readonly id: number;
  readonly texts: readonly string[];
}

/** What the thread answers. */
export type LocalReply =
  | { readonly id: number; readonly kind: "vectors"; readonly vectors: Float32Array; readonly d: number }
  | { readonly id: number; readonly kind: "fault"; readonly report: FaultReport };
