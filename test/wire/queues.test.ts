import { expect, test } from "vitest";
import { parseAdjudicationRequest } from "#lib/wire/adjudication.ts";
import { parseFillingChange, parseFillingTerms } from "#lib/wire/filling.ts";
import { parseGoldRequest } from "#lib/wire/gold.ts";
import { parseQueueFormat } from "#lib/wire/queue-numbers.ts";
import { parseReviewing } from "#lib/wire/reviewing.ts";
import { parseRubricRequest } from "#lib/wire/rubric.ts";

const item = { traceId: "t", businessUnit: "u" };
const decide = { kind: "decide", item, label: "bad", reason: "why", rubricVersion: 1, baseVersion: 0 };
const scale = { name: "Tone", meaning: "", hotkey: "t", low: 1, high: 5 };
const rubric = {
  ...{ labels: [{ name: "good", meaning: "", hotkey: "1" }], scales: [scale] },
  ...{ fields: [{ name: "Clause", hotkey: "z", isRequired: true }], needsJustification: false, hasFreeText: true }
};
const terms = { predicate: "true", rate: 0.5, fromMs: null, dailyCap: 3, totalCap: 9 };

test("what is asked of a queue comes through as it was sent", () => {
  const { labels, needsJustification, hasFreeText } = rubric;
  for (const request of [{ kind: "next", after: null }, { kind: "next", after: item }, { kind: "open", item }, decide])
    expect(parseAdjudicationRequest(request)).toEqual(request);
  expect(parseAdjudicationRequest({ ...decide, label: null })).toMatchObject({ label: null });
  expect(parseGoldRequest({ item, label: "bad" })).toEqual({ item, label: "bad" });
  expect(parseGoldRequest({ item, label: null })).toEqual({ item, label: null });
  expect(parseFillingTerms(terms)).toEqual(terms);
  expect(parseFillingChange({ action: "resume" })).toEqual({ action: "resume" });
  expect(parseQueueFormat(new URLSearchParams("format=csv"))).toBe("csv");
  expect(parseQueueFormat(new URLSearchParams())).toBe("jsonl");
  expect(parseRubricRequest({ baseVersion: 2, rubric })).toEqual({ baseVersion: 2, rubric });
  expect(parseRubricRequest({ baseVersion: 1, rubric: { labels, needsJustification, hasFreeText } })).toMatchObject({
    rubric: { scales: [], fields: [] }
  });
  const reviewing = { reviewsPerItem: 2, isBlind: true, reviewers: ["ann", "bob"], adjudicators: null };
  expect(parseReviewing({ reviewing: { ...reviewing, decideBy: "majority" } }, "reviewing")).toEqual({
    ...reviewing,
    decideBy: "majority"
  });
});

test.each([
  () => parseAdjudicationRequest({ kind: "guess" }),
  () => parseAdjudicationRequest({ ...decide, reason: 1 }),
  () => parseGoldRequest({ item, label: 1 }),
  () => parseFillingTerms({ ...terms, rate: "half" }),
  () => parseFillingChange({ action: "hurry" }),
  () => parseQueueFormat(new URLSearchParams("format=xml")),
  () => parseReviewing({ reviewing: { reviewsPerItem: 1, isBlind: true, decideBy: "me" } }, "reviewing"),
  () => parseReviewing({ reviewing: { reviewsPerItem: 1, isBlind: true, reviewers: [1] } }, "reviewing")
])("what is odd is refused with what is wrong with it", (ask) => {
  expect(ask).toThrowError(expect.objectContaining({ code: "invalid" }));
});
