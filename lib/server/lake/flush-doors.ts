import type { AttemptDoors, InTurn } from "./attempt.ts";
import type { LakeWriter } from "./writer.ts";

/** What the steps of a flush need that work beside other writers. */
export interface FlushDoors extends AttemptDoors {
  /** With a connection that nobody else uses. */
  readonly writer: LakeWriter;
  /** Monotonous time in ms. */
  readonly elapsedMs: () => number;
  /** Whether to begin no further file. */
  readonly stopped: () => boolean;
  readonly inTurn: InTurn;
}
