import { bootstrapSteps, type Interval } from "./bootstrap.ts";

/** One judgement of a pair. */
export interface PairJudgement {
  /** 1 where the first is better, 0 where the second is, 0.5 for a tie. */
  readonly win: number;
  /** Whether the first was shown left. */
  readonly isFirstLeft: boolean;
}

/** How often the first of a pair is better. */
export interface WinRate {
  /** Judgements, and those with the first shown left. */
  readonly n: number;
  readonly nLeft: number;
  /** Mean of the rates by side, ties counting half; null where one side was never shown. */
  readonly rate: number | null;
  /** 95 %, by drawing whole pairs again; null where the rate is. */
  readonly interval: Interval | null;
  /** How much being shown left adds, half the difference of the rates by side. */
  readonly leftEffect: number | null;
}

/**
 * The win rate of the first of a pair, freed from the side that it was shown on: the rate among judgements with the
 * first left and that with it right weigh the same, whichever side chance gave more often. A preference for a side that
 * holds for all pairs alike falls out.
 *
 * @param pairs  judgements by pair
 */
export function* winRateSteps(pairs: readonly (readonly PairJudgement[])[], seed = 1): Generator<void, WinRate> {
  const statistics = (drawn: Int32Array) => {
    const [left, right] = [
      { n: 0, wins: 0 },
      { n: 0, wins: 0 }
    ];
    for (const at of drawn) {
      for (const { win, isFirstLeft } of pairs[at]!) {
        const side = isFirstLeft ? left : right;
        side.n++;
        side.wins += win;
      }
    }
    if (left.n === 0 || right.n === 0) return [null, null];
    const [onLeft, onRight] = [left.wins / left.n, right.wins / right.n];
    return [(onLeft + onRight) / 2, (onLeft - onRight) / 2];
  };
  const [rate, leftEffect] = statistics(Int32Array.from({ length: pairs.length }, (_, at) => at));
  const [interval] = yield* bootstrapSteps(pairs.length, statistics, { draws: 1000, seed });
  const all = pairs.flat();
  return {
    ...{ n: all.length, nLeft: all.filter(({ isFirstLeft }) => isFirstLeft).length },
    ...{ rate: rate ?? null, interval: interval ?? null, leftEffect: leftEffect ?? null }
  };
}
