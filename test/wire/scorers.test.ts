import { expect, test } from "vitest";
import { parseRuleChange, parseRuleForecastRequest, parseRuleRequest } from "#lib/wire/scorers.ts";

const meaning = { businessUnits: ["support"], predicate: "true", rate: 0.5 };

test("a rule to be made says its traffic; version, beginning, cap and older traces may be left out", () => {
  expect(parseRuleRequest(meaning)).toEqual({
    ...meaning,
    ...{ version: null, fromMs: null, dailyCapUsd: null, scoresOlder: false }
  });
  const all = { ...meaning, version: 2, fromMs: 5, dailyCapUsd: 1.5, scoresOlder: true };
  expect(parseRuleRequest(all)).toEqual(all);
  expect(parseRuleForecastRequest({ ...meaning, tries: true })).toMatchObject({ tries: true, version: null });
});

test("what is no rule is refused with the name of the field", () => {
  for (const [wrong, name] of [
    [{ ...meaning, businessUnits: "support" }, "businessUnits"],
    [{ ...meaning, businessUnits: [3] }, "businessUnits"],
    [{ ...meaning, predicate: null }, "predicate"],
    [{ ...meaning, rate: "0.5" }, "rate"],
    [{ ...meaning, rate: Number.NaN }, "rate"],
    [{ ...meaning, fromMs: 0.5 }, "fromMs"],
    [{ ...meaning, scoresOlder: 1 }, "scoresOlder"],
    [[], "request"]
  ] as const)
    expect(() => parseRuleRequest(wrong)).toThrow(name);
  expect(parseRuleChange({ action: "pause" })).toEqual({ action: "pause" });
  expect(() => parseRuleChange({ action: "remove" })).toThrow(/"remove"/);
});
