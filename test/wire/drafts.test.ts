import { expect, test } from "vitest";
import { parseDraftLabelsRequest, parseDraftRequest } from "#lib/wire/drafts.ts";

const source = { kind: "queue", id: "q1" };
const sides = { wrong: ["bad"], fine: ["good"] };

test("a draft names its labels, what they mean, and what it may cost", () => {
  expect(parseDraftRequest({ source, sides })).toEqual({ source, sides, businessUnit: null, budgetUsd: null });
  const whole = { source: { kind: "dataset", id: "d" }, sides, businessUnit: "support", budgetUsd: 0.5 };
  expect(parseDraftRequest(whole)).toEqual(whole);
  expect(parseDraftLabelsRequest(new URLSearchParams("kind=queue&id=q1&unit=support"))).toEqual({
    source,
    businessUnit: "support"
  });
});

test.each([
  [null, /the draft is not a JSON object/],
  [{ sides }, /"source" is not a JSON object/],
  [{ source: { kind: "map", id: "m" }, sides }, /none is named/],
  [{ source: { kind: "queue", id: 7 }, sides }, /none is named/],
  [{ source }, /"sides" is not a JSON object/],
  [{ source, sides: { wrong: "bad", fine: [] } }, /"wrong" is not a list/],
  [{ source, sides: { wrong: [], fine: [1] } }, /"fine" is not a list/],
  [{ source, sides, budgetUsd: "free" }, /"budgetUsd" is not an amount/],
  [{ source, sides, budgetUsd: -1 }, /"budgetUsd" is not an amount/],
  [{ source, sides, businessUnit: 3 }, /"businessUnit" is not a text/]
])("what is no draft is refused with a sentence: %j", (body, message) => {
  expect(() => parseDraftRequest(body)).toThrow(message);
});
