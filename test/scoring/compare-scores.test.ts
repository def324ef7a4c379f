import { expect, test } from "vitest";
import type { Score } from "#lib/model/score.ts";
import { type ComparedScore, compareScores } from "#lib/scoring/compare-scores.ts";

const scored = (pass: boolean | null, value = Number(pass), label: string | null = null): Score => ({
  ...{ kind: "scored", value, pass, label, reason: null, evidence: [] }
});
const unscored: Score = { kind: "unscored", status: "error", reason: "it threw" };

let made = 0;
const row = (truth: boolean | null, before: Score | null, after: Score, cluster?: string): ComparedScore => {
  const traceId = `t${++made}`;
  return { traceId, spanId: null, businessUnit: "support", cluster: cluster ?? traceId, truth, before, after };
};
const times = (n: number, make: () => ComparedScore) => Array.from({ length: n }, make);

function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
const compare = (rows: readonly ComparedScore[]) => finish(compareScores(rows, 3));

test("every score is counted once, by what became of it", () => {
  const [yes, no] = [scored(true), scored(false)];
  const { changes, changed } = compare([
    row(true, yes, yes),
    row(true, no, yes),
    row(null, yes, no),
    row(null, yes, scored(true, 0.8)),
    row(null, scored(null, 0.2), scored(null, 0.4)),
    row(null, scored(true, 1, "a"), scored(true, 1, "b")),
    row(null, unscored, no),
    row(null, yes, unscored),
    row(null, unscored, { ...unscored, reason: "otherwise" })
  ]);
  expect(changes).toEqual({
    labelled: { unchanged: 1, toPass: 1, toFail: 0, moved: 0, newlyScored: 0, newlyUnscored: 0 },
    random: { unchanged: 1, toPass: 0, toFail: 1, moved: 3, newlyScored: 1, newlyUnscored: 1 }
  });
  expect(changed).toHaveLength(7);
  expect(changed[0]).toMatchObject({ truth: true, before: no, after: yes });
});

test("against people, what was fixed and what was broken is told apart, with an interval that knows n", () => {
  const [yes, no] = [scored(true), scored(false)];
  const rows = [
    ...times(20, () => row(true, yes, yes)),
    ...times(10, () => row(false, no, no)),
    ...times(5, () => row(false, yes, no)),
    ...times(4, () => row(true, no, yes)),
    row(true, yes, no),
    row(true, unscored, yes),
    row(null, no, yes)
  ];
  const { paired, nextAgreement, baseAgreement, warnings } = compare(rows);
  expect(paired).toMatchObject({ n: 40, fixed: 9, broken: 1, difference: { value: 0.2 } });
  const [low, high] = paired!.difference.interval!;
  expect(low).toBeLessThan(0.2);
  expect(high).toBeGreaterThan(0.2);
  expect(paired!.kappaDifference.value).toBeGreaterThan(0.3);
  expect(paired!.kappaDifference.interval![0]).toBeLessThan(paired!.kappaDifference.value!);
  expect(nextAgreement).toMatchObject({
    n: 41,
    unscored: 0,
    confusion: { passedBoth: 25, falseAlarms: 1, failedBoth: 15, missed: 0 }
  });
  expect(baseAgreement).toMatchObject({ n: 40, unscored: 1 });
  expect(warnings).toEqual([]);
});

test("few labels, or labels that do not tell the versions apart, are said", () => {
  const [yes, no] = [scored(true), scored(false)];
  const few = compare([row(true, no, yes), row(false, no, no)]);
  expect(few.warnings).toEqual([expect.stringMatching(/^Only 2 were judged by people and both versions/)]);
  const even = compare([
    ...times(20, () => row(true, yes, yes)),
    ...times(18, () => row(false, no, no)),
    row(true, no, yes),
    row(true, yes, no)
  ]);
  expect(even.paired!.difference.value).toBe(0);
  expect(even.warnings).toEqual([expect.stringMatching(/interval of the difference holds zero/)]);
  expect(compare([row(null, yes, no)]).warnings).toEqual([expect.stringMatching(/People judged none of these/)]);
});

test("a first version has agreement alone, and nothing is no comparison", () => {
  const { changes, paired, nextAgreement, changed } = compare([
    row(true, null, scored(true)),
    row(false, null, scored(false)),
    row(null, null, unscored)
  ]);
  expect({ changes, paired, changed }).toEqual({ changes: null, paired: null, changed: [] });
  expect(nextAgreement).toMatchObject({ n: 2, kappa: { value: 1 } });
  expect(compare([])).toMatchObject({ changes: null, paired: null, nextAgreement: null });
});

test("traces of one session are drawn together", () => {
  const [yes, no] = [scored(true), scored(false)];
  // Six sessions of five equal traces: people, the old version, the new one.
  const sessions = [
    [true, no, yes],
    [false, yes, no],
    [true, yes, yes],
    [false, no, no],
    [true, yes, yes],
    [false, no, yes]
  ] as const;
  const width = (isClustered: boolean) => {
    const rows = sessions.flatMap(([truth, before, after], session) =>
      times(5, () => row(truth, before, after, isClustered ? `session ${session}` : undefined))
    );
    const [low, high] = compare(rows).paired!.kappaDifference.interval!;
    return high - low;
  };
  expect(width(true)).toBeGreaterThan(1.3 * width(false));
});
