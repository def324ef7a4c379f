import fc from "fast-check";
import { expect, test } from "vitest";
import { fail, pass, score, scorer, unscored } from "#lib/scoring/runtime.ts";
import { failedScore, parseScore, readVerdict } from "#lib/scoring/verdict.ts";

test("the words a scorer is written with become the scores they say", () => {
  expect(readVerdict(pass())).toEqual({
    kind: "scored",
    value: 1,
    pass: true,
    label: null,
    reason: null,
    evidence: []
  });
  expect(readVerdict(pass("kind", { label: "good" }))).toMatchObject({ value: 1, label: "good", reason: "kind" });
  expect(readVerdict(fail("rude", { evidence: [{ quote: "go away", spanId: "s1" }, { quote: "no" }] }))).toEqual({
    kind: "scored",
    value: 0,
    pass: false,
    label: null,
    reason: "rude",
    evidence: [
      { quote: "go away", spanId: "s1" },
      { quote: "no", spanId: null }
    ]
  });
  expect(readVerdict(score(0.5))).toMatchObject({ value: 0.5, pass: null });
  expect(readVerdict(score(0.5, { pass: true, reason: "half" }))).toMatchObject({ pass: true, reason: "half" });
  expect(readVerdict(unscored("no answer"))).toEqual({ kind: "unscored", status: "skipped", reason: "no answer" });
});

test("declaring a scorer changes nothing about it", () => {
  const spec = { name: "polite", score: () => pass() };
  expect(scorer(spec)).toBe(spec);
});

test("true and false are a pass and a fail", () => {
  expect(readVerdict(true)).toMatchObject({ value: 1, pass: true });
  expect(readVerdict(false)).toMatchObject({ value: 0, pass: false });
});

test.each([
  [undefined, "undefined"],
  [0.5, "0.5"],
  ["pass", '"pass"'],
  [() => true, "a function"],
  [Symbol("x"), "a symbol"],
  [null, "null"]
])("a scorer that returned %s is unscored with that as the reason, never a zero", (returned, described) => {
  expect(readVerdict(returned)).toMatchObject({
    kind: "unscored",
    status: "error",
    reason: expect.stringContaining(`the scorer returned ${described}`)
  });
});

test.each([
  [{ value: 1.01 }, "1.01"],
  [{ value: -0.1 }, "-0.1"],
  [{ value: Number.NaN }, "NaN"],
  [{ value: "1" }, '"1"'],
  [{ value: [1] }, "a list"],
  [{ value: {} }, "an object"],
  [{}, "undefined"],
  [[], "undefined"]
])("the verdict %j has no value between 0 and 1, so it is unscored", (returned, described) => {
  expect(readVerdict(returned)).toMatchObject({
    kind: "unscored",
    status: "error",
    reason: `the scorer returned the value ${described}, which is not between 0 and 1`
  });
});

test("evidence without a quote is left out, and twenty pieces are enough", () => {
  expect(readVerdict({ value: 1, evidence: "said so" })).toMatchObject({ evidence: [] });
  expect(readVerdict({ value: 1, evidence: [null, "x", { spanId: "s" }, { quote: "q", spanId: 4 }] })).toMatchObject({
    evidence: [{ quote: "q", spanId: null }]
  });
  const many = readVerdict({ value: 1, evidence: Array.from({ length: 30 }, (_, index) => ({ quote: `${index}` })) });
  expect(many.kind === "scored" && many.evidence).toHaveLength(20);
});

test("long or broken texts are cut to what files and pages can hold", () => {
  const { reason } = failedScore(`${"x".repeat(1998)}🙂${"y".repeat(50)}`) as { readonly reason: string };
  expect(reason).toHaveLength(2000);
  expect(reason.isWellFormed()).toBe(true);
  expect(readVerdict({ value: 1, label: "a\0b\uD800" })).toMatchObject({ label: "a\uFFFDb\uFFFD" });
});

test("whatever comes out of the sandbox, a score is read", () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      for (const read of [readVerdict(value), parseScore(value)]) {
        if (read.kind === "scored") expect(read.value >= 0 && read.value <= 1).toBe(true);
        else expect(read.reason).not.toBe("");
      }
    })
  );
});

test("a score that crossed the wall is the score it was", () => {
  for (const verdict of [pass("ok"), fail("bad", { evidence: [{ quote: "q", spanId: "s" }] }), unscored("nothing")]) {
    const read = readVerdict(verdict);
    expect(parseScore(JSON.parse(JSON.stringify(read)))).toEqual(read);
  }
});

test("an answer of the sandbox that is no score is an error, and so is one that says it was", () => {
  for (const value of [
    null,
    "scored",
    { kind: "scored", value: 7 },
    { kind: "other", value: 1 },
    { kind: "scored", value: null }
  ])
    expect(parseScore(value)).toEqual({
      kind: "unscored",
      status: "error",
      reason: "the sandbox answered something that is no score"
    });
  expect(parseScore({ kind: "unscored", status: "ok" })).toEqual({
    kind: "unscored",
    status: "error",
    reason: "the scorer gave no reason"
  });
});
