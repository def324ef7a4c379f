import { expect, test } from "vitest";
import { parseMapSettings } from "#lib/workbook/cell-settings.ts";

test("a map cell that says nothing takes a model's vectors where there is one, without a bound", () => {
  expect(parseMapSettings("")).toMatchObject({ vectors: "auto", budgetUsd: null, text: "input" });
});

test("vectors and budget are read as they are written", () => {
  expect(parseMapSettings("vectors: model\nbudget_usd: 0.5")).toMatchObject({ vectors: "model", budgetUsd: 0.5 });
  expect(parseMapSettings("vectors: built-in\nbudget_usd: 0")).toMatchObject({ vectors: "built-in", budgetUsd: 0 });
});

test.each([
  ["vectors: openai", 'a map has no vectors of "openai"', 1],
  ["text: input\nvectors: 3", "a map has no vectors of 3", 2],
  ["budget_usd: -1", '"budget_usd" is -1, not an amount of US dollars', 1],
  ["budget_usd: cheap", '"budget_usd" is "cheap", not an amount of US dollars', 1],
  ["budget_usd: .inf", '"budget_usd" is Infinity, not an amount of US dollars', 1]
])("%j is refused where it stands", (yaml, message, line) => {
  const read = () => parseMapSettings(yaml);
  expect(read).toThrow(message);
  try {
    read();
  } catch (error) {
    expect(error).toMatchObject({ code: "invalid", position: { line } });
  }
});
