import type { MeasuredScorer } from "./calibration.ts";
import type { BusinessUnit } from "./scope.ts";

/** A look at a test set with one version of a scorer. It stays as it was, whatever comes later. */
export interface TestLook {
  readonly lookId: string;
  /** The test set, as calibration cells name it. */
  readonly test: string;
  /** Units that the run saw; sorted. */
  readonly businessUnits: readonly BusinessUnit[];
  readonly scorer: string;
  readonly scorerVersion: string;
  readonly userId: string;
  readonly atMs: number;
  /** Traces that were looked at. */
  readonly traceIds: readonly string[];
  readonly measured: MeasuredScorer;
}
