import { expect, test } from "vitest";
import { formatChoice, formatVerdict } from "#lib/browser/facet-words.ts";

test.each([
  ["agent", "", "not said"],
  ["agent", "refunds", "refunds"],
  ["status", "unset", "not said"],
  ["status", "with-errors", "with errors inside"],
  ["cost", "..0.001", "below $0.001"],
  ["cost", "0.01..0.1", "$0.01 – $0.1"],
  ["cost", "1..", "$1.00 and above"],
  ["cost", "none", "not said"],
  ["duration", "3000..10000", "3 s – 10 s"],
  ["duration", "120000..", "2 min and above"],
  ["duration", "250..1500", "250 ms – 1.5 s"],
  ["score", "25-50:team:likeness", "team:likeness: 25 – 50 %"]
] as const)("the %s %j is read as %j", (name, value, words) => {
  expect(formatChoice(name, value)).toBe(words);
});

test("a verdict is read as it is, a quarter as a share", () => {
  expect([formatVerdict("fail"), formatVerdict("75-100")]).toEqual(["fail", "75 – 100 %"]);
});
