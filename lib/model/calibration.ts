/** Ends of a 95 % interval. */
export type Interval = readonly [number, number];

/** A number with its interval; null where it is not defined. */
export interface Measured {
  readonly value: number | null;
  readonly interval: Interval | null;
}

/** A trace that people judged and a scorer looked at. */
export interface JudgedTrace {
  readonly traceId: string;
  /** Traces of one session are alike: intervals draw them together. */
  readonly cluster: string;
  readonly truth: boolean;
  /** The scorer's verdict; null where it is unscored, or measures without judging. */
  readonly pass: boolean | null;
  /** 0..1; null where it is unscored. */
  readonly value: number | null;
}

/** What the scorer said where people passed and failed. Unscored traces are in none of the four. */
export interface Confusion {
  readonly passedBoth: number;
  /** People failed it, the scorer passed it. */
  readonly missed: number;
  /** People passed it, the scorer failed it. */
  readonly falseAlarms: number;
  readonly failedBoth: number;
}

/** How a scorer would do if values from a threshold on were passes. */
export interface Threshold {
  readonly threshold: number;
  readonly confusion: Confusion;
  readonly truePositive: number | null;
  readonly trueNegative: number | null;
  readonly kappa: number | null;
}

/** How far a scorer agrees with people. */
export interface Calibration {
  /** Traces with both verdicts. */
  readonly n: number;
  /** Judged by people, but not by the scorer: counted, never taken for a failure. */
  readonly unscored: number;
  readonly confusion: Confusion;
  readonly observed: Measured;
  readonly kappa: Measured;
  readonly ac1: Measured;
  readonly alpha: Measured;
  /** Share of what people passed that it passes. */
  readonly truePositive: Measured;
  /** Share of what people failed that it fails. */
  readonly trueNegative: Measured;
  /** By threshold, from the lowest; empty where the scorer gives two values only. */
  readonly sweep: readonly Threshold[];
  /** To read, the surest mistakes first; at most 50. */
  readonly disagreements: readonly JudgedTrace[];
  /** What a reader has to know about these numbers. */
  readonly warnings: readonly string[];
}

/**
 * How the traces that people judged were picked from the traffic: by chance, with known chances; as many passes as
 * fails; or otherwise, such as the odd ones first.
 */
export type LabelDesign = "random" | "balanced" | "chosen";

/** The pass rate of all traffic: as the scorer has it, and as people would find it. */
export interface TrafficRate {
  readonly n: number;
  readonly labelled: number;
  readonly raw: Measured;
  /** Null where nothing allows it; `method` says why. */
  readonly corrected: Measured | null;
  /** One sentence: how it was set right, or why not. */
  readonly method: string;
  /** Labels more for an interval of 5 points either way; null where that is not known. */
  readonly labelsForFivePoints: number | null;
}

/** How far people agree with each other on the traces that several of them judged. */
export interface Ceiling {
  /** Traces that more than one judged. */
  readonly n: number;
  /** Krippendorff's alpha. */
  readonly alpha: Measured;
}

/** All that a calibration says of one scorer. */
export interface MeasuredScorer {
  readonly calibration: Calibration;
  readonly traffic: TrafficRate;
  /** Null where no trace was judged by two people. */
  readonly ceiling: Ceiling | null;
}
