import { expect, test } from "vitest";
import { buildGraph, readPlainCell } from "#lib/workbook/graph.ts";
import { parseJudgeSettings } from "#lib/workbook/judge-settings.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";

test("a criterion alone is a judge of pass and fail that sees the conversation", () => {
  expect(parseJudgeSettings("criterion: It is polite.")).toEqual({
    criterion: "It is polite.",
    labels: [
      { name: "pass", meaning: "The criterion holds.", pass: true },
      { name: "fail", meaning: "The criterion does not hold.", pass: false }
    ],
    sees: ["conversation"],
    examples: [],
    model: null,
    budgetUsd: null
  });
});

test("labels, passes, parts, examples, model and budget are read", () => {
  const text = `criterion: c
labels: {good: Is good., fair: Is fair., bad: Is bad.}
passes: [good, fair]
sees: [output, input]
examples:
  - {text: Go away., label: bad, reason: Rude.}
model: small
budget_usd: 0.5`;
  expect(parseJudgeSettings(text)).toMatchObject({
    labels: [{ pass: true }, { pass: true }, { name: "bad", pass: false }],
    sees: ["input", "output"],
    examples: [{ text: "Go away.", label: "bad", reason: "Rude." }],
    ...{ model: "small", budgetUsd: 0.5 }
  });
});

test.each([
  ["labels: {}", /no "criterion"/],
  ["criterion: c\nlabels: {pass: a}", /1 labels, not from 2/],
  ["criterion: c\nlabels: [pass, fail]", /does not say what each label means/],
  ["criterion: c\nlabels: {pass: a, fail: }", /"fail" does not say what it means/],
  ["criterion: c\nlabels: {good: a, bad: b}", /which labels are passes/],
  ["criterion: c\nlabels: {good: a, bad: b}\npasses: [fine]", /names "fine", which is no label/],
  ["criterion: c\npasses: [pass, fail]", /some labels of a judge are passes and some are not/],
  ["criterion: c\nlabels: {pass: a, cannot_judge: b}", /has a meaning of its own/],
  ["criterion: c\nsees: [thoughts]", /cannot see "thoughts"/],
  ["criterion: c\nsees: []", /sees nothing/],
  ["criterion: c\nexamples: 7", /no table and no list/],
  ["criterion: c\nexamples: [{text: a, label: fine}]", /label "fine", which is none/],
  ["criterion: c\nexamples: [{label: pass}]", /example 1 has no text/],
  ["criterion: c\nbudget_usd: -1", /not an amount/],
  ["criterion: c\ntemperature: 1", /has no "temperature"/]
])("what is no judge is refused: %j", (text, message) => {
  expect(() => parseJudgeSettings(text)).toThrow(message);
});

test("a score cell reads its judge, and the judge the table of its examples", () => {
  const workbook = parseWorkbook(
    "```sql told\nselect 1\n```\n\n```yaml score verdicts\nscorer: Kind\n```\n\n```yaml judge kind\ncriterion: c\nexamples: told\n```\n"
  );
  const readings = Object.fromEntries(
    workbook.cells.map((cell) => [cell.key, { ...readPlainCell(cell, workbook), params: [], fault: null }])
  );
  const { reads, order } = buildGraph(workbook, readings);
  expect(reads).toEqual({ told: [], verdicts: ["kind"], kind: ["told"] });
  expect(order).toEqual(["told", "kind", "verdicts"]);
});
