import type { BusinessUnit } from "./scope.ts";

/** The vector of a text, as the lake keeps it for a unit that has the text. */
export interface Embedding {
  readonly businessUnit: BusinessUnit;
  /** Day of a trace with the text, `YYYY-MM-DD`. */
  readonly day: string;
  /** Model that gave it. */
  readonly model: string;
  /** Digest of the text. */
  readonly textHash: string;
  readonly vector: Float32Array;
}
