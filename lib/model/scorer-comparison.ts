import type { Calibration, Measured } from "./calibration.ts";
import type { LabelSides } from "./label-sides.ts";
import type { BusinessUnit } from "./scope.ts";
import type { Score } from "./score.ts";

/** What became of the verdicts of some traces or spans; each is counted once. */
export interface ChangeCounts {
  readonly unchanged: number;
  readonly toPass: number;
  readonly toFail: number;
  /** The same verdict with another value or label, or another value without a verdict. */
  readonly moved: number;
  readonly newlyScored: number;
  readonly newlyUnscored: number;
}

/** How often a version agrees with people: the numbers of a calibration that a reader needs first. */
export type VersionAgreement = Pick<
  Calibration,
  "n" | "unscored" | "confusion" | "observed" | "kappa" | "truePositive" | "trueNegative"
>;

/** One version of a scorer on the compared traces. */
export interface MeasuredVersion {
  /** Hash that its scores carry. */
  readonly scorerVersion: string;
  readonly passes: number;
  readonly fails: number;
  /** Scored without a verdict. */
  readonly measured: number;
  readonly unscored: number;
  /** Of the scorer's own code, for each call on average; null for a judge. */
  readonly msPerCall: number | null;
  /** What asking a model cost now. */
  readonly costUsd: number;
  /** Null where people judged none of the traces. */
  readonly agreement: VersionAgreement | null;
}

/** Two versions held against the same judgements of people. */
export interface PairedAgreement {
  /** Judged by people and by both versions. */
  readonly n: number;
  /** The old version was wrong, the new one is right. */
  readonly fixed: number;
  /** The old version was right, the new one is wrong. */
  readonly broken: number;
  /** Share on which the new version is right less that of the old one, and its 95 % interval. */
  readonly difference: Measured;
  /** Kappa of the new version less that of the old one. */
  readonly kappaDifference: Measured;
}

/** A new version of a scorer beside the one that it goes on from, on the same traces. */
export interface ScorerComparison {
  readonly businessUnits: readonly BusinessUnit[];
  readonly snapshotId: number;
  readonly seed: number;
  readonly target: "trace" | "span";
  /** Traces of the sample: labelled ones, and others drawn by chance. */
  readonly labelled: number;
  readonly random: number;
  /** What labels were taken to mean; null where there are none. */
  readonly sides: LabelSides | null;
  readonly next: MeasuredVersion;
  /** Null for a first version. */
  readonly base: MeasuredVersion | null;
  /** Null for a first version. */
  readonly changes: { readonly labelled: ChangeCounts; readonly random: ChangeCounts } | null;
  /** Null for a first version, or where people judged none of the traces. */
  readonly paired: PairedAgreement | null;
  /** What a reader has to know about these numbers. */
  readonly warnings: readonly string[];
}

/** A trace or span on which two versions differ. */
export interface ChangedScore {
  readonly traceId: string;
  readonly spanId: string | null;
  readonly businessUnit: BusinessUnit;
  /** What people said; null where they did not. */
  readonly truth: boolean | null;
  readonly before: Score;
  readonly after: Score;
}
