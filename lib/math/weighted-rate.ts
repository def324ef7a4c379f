import { wilsonInterval } from "./wilson.ts";

/** A verdict of 0..1, and the chance that it had of being made, above 0 and at most 1. */
export interface DrawnVerdict {
  readonly value: number;
  readonly chance: number;
}

/** Sums over verdicts, each weighed by one through its chance: all that their rate needs. */
export interface WeightedSums {
  /** Verdicts. */
  readonly n: number;
  readonly weights: number;
  readonly weighted: number;
  /** Of the squares of the weights; of those times the value; of those times its square. */
  readonly squares: number;
  readonly squaresByValue: number;
  readonly squaresByValue2: number;
}

/** A rate of all traffic from verdicts on a part of it that was drawn with known chances. */
export interface WeightedRate {
  /** 0..1; null without verdicts. */
  readonly rate: number | null;
  /** 95 %, each in 0..1. */
  readonly interval: readonly [number, number];
  readonly n: number;
  /** As many verdicts on traces drawn with equal chances would be as certain; at most `n`. */
  readonly effectiveN: number;
}

/** The sums of some verdicts. */
export function sumVerdicts(verdicts: Iterable<DrawnVerdict>): WeightedSums {
  let [n, weights, weighted, squares, squaresByValue, squaresByValue2] = [0, 0, 0, 0, 0, 0];
  for (const { value, chance } of verdicts) {
    const weight = 1 / chance;
    n += 1;
    weights += weight;
    weighted += weight * value;
    squares += weight * weight;
    squaresByValue += weight * weight * value;
    squaresByValue2 += weight * weight * value * value;
  }
  return { n, weights, weighted, squares, squaresByValue, squaresByValue2 };
}

/**
 * The rate that all traffic has, where only a part was judged: each verdict stands for as many traces as its chance
 * says (Hájek's ratio, which nearly does not depend on how many were drawn). The interval is Wilson's, with as many
 * trials as would be as uncertain; with equal chances it is Wilson's own. Values between 0 and 1 get a wider one than
 * they need.
 *
 * @see Hájek 1971, comment on Basu; Särndal, Swensson and Wretman 1992, 5.6 and 5.7, for the ratio and its linearised
 *      variance; Korn and Graubard 1998, Survey Methodology 24(2), for the effective size; Kish 1965 for that of
 *      verdicts that are all alike
 */
export function weightedRate(sums: WeightedSums): WeightedRate {
  const { n, weights, weighted, squares, squaresByValue, squaresByValue2 } = sums;
  if (n === 0) return { rate: null, interval: [0, 1], n: 0, effectiveN: 0 };
  const rate = Math.min(1, Math.max(0, weighted / weights));
  const variance = (squaresByValue2 - 2 * rate * squaresByValue + rate * rate * squares) / (weights * weights);
  const alike = (weights * weights) / squares;
  const isSpread = rate > 1e-12 && rate < 1 - 1e-12 && variance > 1e-15;
  const effectiveN = Math.min(n, isSpread ? (rate * (1 - rate)) / variance : alike);
  return { rate, interval: wilsonInterval(rate * effectiveN, effectiveN), n, effectiveN };
}
