import { expect, test } from "vitest";
import { choicesOf, chooseFacet, toggleChoice } from "#lib/wire/facet-choice.ts";
import { allTraces } from "#lib/wire/trace-filter.ts";
import { facetNames } from "#lib/wire/traces.ts";

const someValue = { cost: "0.01..0.1", duration: "none", score: "fail:team:polite" } as const;

test.each(facetNames)("a choice of the facet %s comes back as it was chosen", (name) => {
  const value = someValue[name as keyof typeof someValue] ?? "a value";
  const filter = { ...allTraces, ...chooseFacet(name, [value]) };
  expect(choicesOf(filter, name)).toEqual([value]);
  expect(facetNames.filter((other) => choicesOf(filter, other).length > 0)).toEqual([name]);
});

test("a choice is added once and taken back", () => {
  expect(toggleChoice(["a"], "b")).toEqual(["a", "b"]);
  expect(toggleChoice(["a", "b"], "a")).toEqual(["b"]);
});
