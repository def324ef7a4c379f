import { expect, test } from "vitest";
import { type PairJudgement, type WinRate, winRateSteps } from "#lib/math/win-rate.ts";

function winRate(pairs: readonly (readonly PairJudgement[])[]): WinRate {
  const steps = winRateSteps(pairs);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

test("a liking for the left side falls out of the win rate, however often each side was shown", () => {
  // Equal traces, of which the left one is always taken; the first was left in 30 of 40.
  const judged = Array.from({ length: 40 }, (_, at) => [{ win: at < 30 ? 1 : 0, isFirstLeft: at < 30 }]);
  expect(winRate(judged)).toMatchObject({ n: 40, nLeft: 30, rate: 0.5, leftEffect: 0.5 });
  // The first is better in 80 % on either side; a tie counts half.
  const better = Array.from({ length: 50 }, (_, at) => [
    { win: at % 10 < 7 ? 1 : at % 10 < 9 ? 0.5 : 0, isFirstLeft: at < 20 }
  ]);
  const { rate, interval, leftEffect } = winRate(better);
  expect([rate, leftEffect]).toEqual([0.8, 0]);
  expect(interval![0]).toBeGreaterThan(0.6);
  expect(interval![1]).toBeLessThan(0.95);
});

test("a win rate of one side alone is not corrected, and is not told", () => {
  const judged = [[{ win: 1, isFirstLeft: true }], [{ win: 0, isFirstLeft: true }]];
  expect(winRate(judged)).toEqual({ n: 2, nLeft: 2, rate: null, interval: null, leftEffect: null });
  expect(winRate([])).toMatchObject({ n: 0, rate: null, interval: null });
});
