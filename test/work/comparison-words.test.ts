import { expect, test } from "vitest";
import type { MeasuredVersion, ScorerComparison } from "#lib/model/scorer-comparison.ts";
import { describeVersions, sayChanges, sayPaired } from "#lib/work/comparison-words.ts";

const version: MeasuredVersion = {
  ...{ scorerVersion: "abc", passes: 30, fails: 8, measured: 0, unscored: 2, msPerCall: 0.834, costUsd: 0 },
  agreement: {
    ...{ n: 40, unscored: 1, confusion: { passedBoth: 20, missed: 2, falseAlarms: 5, failedBoth: 13 } },
    observed: { value: 0.825, interval: [0.68, 0.91] },
    kappa: { value: 0.644, interval: [0.4, 0.84] },
    truePositive: { value: 0.8, interval: [0.61, 0.91] },
    trueNegative: { value: null, interval: null }
  }
};
const comparison: ScorerComparison = {
  ...{ businessUnits: ["support"], snapshotId: 3, seed: 1, target: "trace", labelled: 40, random: 0, sides: null },
  ...{ next: version, base: null, changes: null, paired: null, warnings: [] }
};

test("two versions stand side by side, each rate with its interval and n", () => {
  const judge = { ...version, msPerCall: null, costUsd: 0.0042, agreement: null };
  expect(describeVersions({ ...comparison, base: judge })).toEqual([
    { name: "Verdicts", next: "30 pass, 8 fail, 2 unscored", base: "30 pass, 8 fail, 2 unscored" },
    { name: "Agrees with people", next: "83 % [68, 91] n = 40", base: "no labels" },
    { name: "Cohen's kappa", next: "0.64 [0.40, 0.84]", base: "no labels" },
    { name: "Passes found", next: "80 % [61, 91] n = 25", base: "no labels" },
    { name: "Failures found", next: "not known, n = 15", base: "no labels" },
    { name: "Time of a call", next: "0.834 ms", base: "not measured" },
    { name: "Spent now", next: "$0", base: "$0.0042" }
  ]);
  const first = describeVersions({ ...comparison, next: { ...version, agreement: null, msPerCall: 12.4 } });
  expect(first.map(({ name, next, base }) => [name, next, base])).toEqual([
    ["Verdicts", "30 pass, 8 fail, 2 unscored", null],
    ["Time of a call", "12 ms", null]
  ]);
});

test("what a version changes is told in a line", () => {
  const paired = {
    ...{ n: 40, fixed: 9, broken: 1, difference: { value: 0.2, interval: [0.05, 0.35] as const } },
    kappaDifference: { value: 0.4, interval: [-0.1, 0.62] as const }
  };
  expect(sayPaired(paired)).toBe(
    "fixed 9, broke 1 of 40 that people judged: right +20 points [+5, +35], kappa +0.40 [-0.10, +0.62]"
  );
  const none = { value: null, interval: null };
  expect(sayPaired({ n: 0, fixed: 0, broken: 0, difference: none, kappaDifference: none })).toBe(
    "fixed 0, broke 0 of 0 that people judged"
  );
  const counts = { unchanged: 85, toPass: 12, toFail: 3, moved: 0, newlyScored: 0, newlyUnscored: 1 };
  expect(sayChanges(counts)).toBe("12 now pass, 3 now fail, 1 newly unscored, 85 unchanged");
  expect(sayChanges({ ...counts, unchanged: 0, toPass: 0, toFail: 0, newlyUnscored: 0 })).toBe("none");
});
