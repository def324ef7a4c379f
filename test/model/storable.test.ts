import { expect, test } from "vitest";
import { keepStorable } from "#lib/formats/storable.ts";
import type { ScoreRecord } from "#lib/model/score.ts";
import { findScoreDefect, findSpanDefect } from "#lib/model/storable.ts";
import { makeSpan } from "../spans.ts";

const good = makeSpan({ traceId: "t", spanId: "s" });
const verdict: ScoreRecord = {
  traceId: good.traceId,
  spanId: null,
  businessUnit: "support",
  day: "2026-11-20",
  scorer: "refusal",
  scorerVersion: "1",
  source: "scorer",
  score: { kind: "scored", value: 1, pass: true, label: null, reason: null, evidence: [] },
  durationMs: null,
  costUsd: null,
  runId: null,
  samplingProbability: 1,
  scoredAtMs: 0,
  detail: null
};

test("a span that the lake can give back has no defect", () => {
  expect(findSpanDefect(good)).toBeUndefined();
  expect(findSpanDefect({ ...good, inputTokens: 0, costUsd: 0.25, startNs: 0n })).toBeUndefined();
});

test("ids that are no hex digits are told, since they would be parts of paths and keys", () => {
  expect(findSpanDefect({ ...good, traceId: "../x" })).toMatch(/trace id "..\/x" is not 32 hex digits/);
  expect(findSpanDefect({ ...good, spanId: "1" })).toMatch(/span id is not 16 hex digits/);
});

test("a verdict on no day, at no instant or without a number is told", () => {
  expect(findScoreDefect(verdict)).toBeUndefined();
  expect(findScoreDefect({ ...verdict, day: "2026-13-45" })).toMatch(/"2026-13-45" is no day/);
  expect(findScoreDefect({ ...verdict, day: "../../up" })).toMatch(/is no day/);
  expect(findScoreDefect({ ...verdict, scoredAtMs: Number.NaN })).toMatch(/which is no instant/);
  expect(findScoreDefect({ ...verdict, score: { ...verdict.score, value: Number.NaN } as never })).toMatch(
    /the value NaN is no number/
  );
});

test("what cannot be kept is rejected with its reason, and its neighbours are kept", () => {
  const imported = keepStorable({
    spans: [{ ...good, startNs: 2n ** 64n - 1n }, good],
    scores: [{ ...verdict, day: "soon" }, verdict],
    rejected: ["another"]
  });
  expect(imported).toMatchObject({ spans: [good], scores: [verdict] });
  expect(imported.rejected).toEqual([
    "another",
    expect.stringMatching(/startNs 18446744073709551615 lies outside/),
    expect.stringMatching(/"soon" is no day/)
  ]);
});
