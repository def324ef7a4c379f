import { expect, test } from "vitest";
import { parseReviewRequest } from "#lib/wire/review.ts";

const item = { traceId: "t", businessUnit: "u" };
const labelled = {
  kind: "labelled",
  label: "bad",
  note: "why",
  quotes: ["x"],
  correctedOutput: null,
  flags: [],
  scales: { Tone: 2 },
  fields: { Statute: "4" }
};
const submit = { kind: "submit", item, judgement: labelled, rubricVersion: 1, baseVersion: 0, durationMs: 10 };

test.each([
  { kind: "next", after: null },
  { kind: "next", after: item },
  { kind: "open", item },
  { kind: "release", item },
  submit,
  { ...submit, judgement: { kind: "skipped", reason: "not my field" } },
  { ...submit, judgement: { kind: "withdrawn" } }
])("a review comes through as it was sent: $kind", (request) => {
  expect(parseReviewRequest(request)).toEqual(request);
});

test("flags that nobody knows are left out", () => {
  const flags = ["out of scope", "rude"];
  expect(parseReviewRequest({ ...submit, judgement: { ...labelled, flags } })).toMatchObject({
    judgement: { flags: ["out of scope"] }
  });
});

test.each([
  {},
  { kind: "peek" },
  { kind: "next" },
  { kind: "open", item: { traceId: "t" } },
  { ...submit, durationMs: "long" },
  { ...submit, judgement: { kind: "guessed" } },
  { ...submit, judgement: { ...labelled, quotes: [1] } },
  { ...submit, judgement: { ...labelled, scales: { Tone: "high" } } },
  { ...submit, judgement: { kind: "skipped" } }
])("an odd review is refused with what is wrong with it", (request) => {
  expect(() => parseReviewRequest(request)).toThrowError(expect.objectContaining({ code: "invalid" }));
});
