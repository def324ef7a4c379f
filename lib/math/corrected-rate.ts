import { wilsonInterval } from "./wilson.ts";

/** A rate with its standard error and 95 % interval. */
export interface EstimatedRate {
  /** 0..1. */
  readonly rate: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
}

/** A trace that a person and a scorer judged; 0..1 each. */
export interface LabelledScore {
  readonly truth: number;
  readonly score: number;
  /** One through the chance it had of being drawn, above 0; 1 when absent. */
  readonly weight?: number;
}

const z = 1.959963984540054;

/**
 * The rate that people would find in all traffic, from a scorer's scores of all and people's labels of a random few:
 * the scorer's rate, set right by how far it was off on the few. Never less certain than the labels alone, however
 * bad the scorer.
 *
 * Valid only where the labelled traces are a random sample of the same traffic, or each had a known chance of being
 * drawn, which its weight then undoes.
 *
 * @param unlabelled  scores of traces that nobody labelled, 0..1; with weights, of all traces
 * @param weight      how much the scores count: 0 is the mean of the labels, 1 trusts them fully; chosen so that the
 *                    interval is narrowest when absent
 * @returns null with fewer than two labels
 * @see Angelopoulos, Duchi and Zrnic 2023, arXiv:2311.01453 (PPI++)
 */
export function predictionPoweredRate(
  labelled: readonly LabelledScore[],
  unlabelled: readonly number[],
  weight?: number
): (EstimatedRate & { readonly weight: number }) | null {
  const [n, others] = [labelled.length, unlabelled.length];
  if (n < 2) return null;
  const truths = labelled.map(({ truth }) => truth);
  const scores = labelled.map(({ score }) => score);
  const lambda = others < 2 ? 0 : (weight ?? bestWeight(truths, scores, unlabelled));
  const rest = truths.map((truth, at) => truth - lambda * scores[at]!);
  const left = weightedMean(
    rest,
    labelled.map(({ weight: each = 1 }) => each)
  );
  const estimate = lambda * (others > 0 ? meanOf(unlabelled) : 0) + left.mean;
  const ofScores = others < 2 ? 0 : (lambda * lambda * varianceOf(unlabelled)) / others;
  const standardError = Math.sqrt(ofScores + left.variance);
  return { ...around(estimate, standardError), weight: lambda };
}

/** The weight that makes the interval narrowest, kept within 0..1. */
function bestWeight(truths: readonly number[], scores: readonly number[], unlabelled: readonly number[]): number {
  const spread = varianceOf([...scores, ...unlabelled]);
  if (spread === 0) return 0;
  const [meanTruth, meanScore] = [meanOf(truths), meanOf(scores)];
  const together = truths.reduce((sum, truth, at) => sum + (truth - meanTruth) * (scores[at]! - meanScore), 0);
  const covariance = together / (truths.length - 1);
  return Math.min(1, Math.max(0, covariance / ((1 + truths.length / unlabelled.length) * spread)));
}

/** How a yes-or-no scorer did on traces that people judged. */
export interface DetectionCounts {
  /** Of traces that people passed: all, and those the scorer passed. */
  readonly passes: number;
  readonly passesFound: number;
  /** Of traces that people failed: all, and those the scorer failed. */
  readonly fails: number;
  readonly failsFound: number;
}

/** Rates of a yes-or-no scorer against people; null without traces of the kind. */
export interface DetectionRates {
  /** Share of what people passed that it passes, with Wilson's interval. */
  readonly truePositive: { readonly rate: number; readonly interval: readonly [number, number] } | null;
  /** Share of what people failed that it fails. */
  readonly trueNegative: { readonly rate: number; readonly interval: readonly [number, number] } | null;
}

/** True positive and true negative rate, each with its interval. */
export function detectionRates({ passes, passesFound, fails, failsFound }: DetectionCounts): DetectionRates {
  const rateOf = (found: number, all: number) =>
    all === 0 ? null : { rate: found / all, interval: wilsonInterval(found, all) };
  return { truePositive: rateOf(passesFound, passes), trueNegative: rateOf(failsFound, fails) };
}

/**
 * The pass rate that people would find, from a scorer's pass rate and how often it is right on what people passed and
 * failed. Holds where the labelled traces were chosen by people's verdict, such as as many passes as fails.
 *
 * @param observed  the scorer's pass rate on all traffic, 0..1
 * @returns as it comes out, which may lie outside 0..1: the caller clips and says so; null where the scorer is no
 *          better than chance and nothing can be said
 * @see Rogan and Gladen 1978, doi:10.1093/oxfordjournals.aje.a112510
 */
export function roganGladen(observed: number, truePositive: number, trueNegative: number): number | null {
  const skill = truePositive + trueNegative - 1;
  return skill > 1e-12 ? (observed + trueNegative - 1) / skill : null;
}

/**
 * How many labels more an interval of a wished half width needs, if they are as those there are.
 *
 * @param halfWidth  of the 95 % interval, above 0
 * @returns null where no number of labels is enough, since the scores themselves are too few
 */
export function labelsNeeded(
  labelled: readonly LabelledScore[],
  unlabelled: readonly number[],
  halfWidth: number
): number | null {
  const estimate = predictionPoweredRate(labelled, unlabelled);
  if (estimate === null) return null;
  const { weight } = estimate;
  const rest = labelled.map(({ truth, score }) => truth - weight * score);
  const fixed = unlabelled.length < 2 ? 0 : (weight * weight * varianceOf(unlabelled)) / unlabelled.length;
  const room = (halfWidth / z) ** 2 - fixed;
  if (room <= 0) return null;
  return Math.max(0, Math.ceil(varianceOf(rest) / room) - labelled.length);
}

/**
 * The rate of `roganGladen` with its interval, from how uncertain each of its three rates is.
 *
 * @param observed  the scorer's passes among all traces that it judged
 * @returns clipped to 0..1, and whether it was; null where the scorer is no better than chance on these labels
 */
export function correctedByLabels(
  observed: { readonly passes: number; readonly n: number },
  { passes, passesFound, fails, failsFound }: DetectionCounts
): (EstimatedRate & { readonly isClipped: boolean }) | null {
  if (observed.n === 0 || passes === 0 || fails === 0) return null;
  const [p, truePositive, trueNegative] = [observed.passes / observed.n, passesFound / passes, failsFound / fails];
  const rate = roganGladen(p, truePositive, trueNegative);
  if (rate === null) return null;
  const skill = truePositive + trueNegative - 1;
  // Rates of 0 and 1 are as uncertain as half a trace more of the other kind would make them.
  const spread = (share: number, n: number) => {
    const kept = Math.min(1 - 0.5 / (n + 1), Math.max(0.5 / (n + 1), share));
    return (kept * (1 - kept)) / n;
  };
  const variance =
    spread(p, observed.n) + rate * rate * spread(truePositive, passes) + (1 - rate) ** 2 * spread(trueNegative, fails);
  return { ...around(rate, Math.sqrt(variance) / skill), isClipped: rate < 0 || rate > 1 };
}

function around(rate: number, standardError: number): EstimatedRate {
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  return {
    rate: clip(rate),
    standardError,
    low: clip(rate - z * standardError),
    high: clip(rate + z * standardError)
  };
}

/** The mean of values drawn with unequal chances, and its variance; of equal weights the usual ones. */
function weightedMean(
  values: readonly number[],
  weights: readonly number[]
): { readonly mean: number; readonly variance: number } {
  const n = values.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = values.reduce((sum, value, at) => sum + weights[at]! * value, 0) / total;
  const squares = values.reduce((sum, value, at) => sum + (weights[at]! * (value - mean)) ** 2, 0);
  return { mean, variance: ((n / (n - 1)) * squares) / (total * total) };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of a sample: divided by one less than its size. */
function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
