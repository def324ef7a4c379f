import fc from "fast-check";
import { expect, test } from "vitest";
import { formatPopulation, namePopulation, type Population, parsePopulation, weekMs } from "#lib/wire/map-compare.ts";

const word = fc.string({ unit: "grapheme", minLength: 1 });
const populations: fc.Arbitrary<Population> = fc.oneof(
  word.map((unit) => ({ kind: "unit", unit }) as const),
  word.map((agent) => ({ kind: "agent", agent }) as const),
  fc.tuple(word, word).map(([agent, agentVersion]) => ({ kind: "version", agent, agentVersion }) as const),
  fc.tuple(fc.nat(), fc.nat()).map(([fromMs, toMs]) => ({ kind: "time", fromMs, toMs }) as const),
  fc.tuple(fc.constantFrom("pass" as const, "fail" as const), word).map(([kind, scorer]) => ({ kind, scorer })),
  fc.constant({ kind: "others" } as const)
);

test("a population comes back from the address as it was", () => {
  fc.assert(
    fc.property(populations, (population) => {
      expect(parsePopulation(formatPopulation(population))).toEqual(population);
    })
  );
});

test("what names no traces is refused in a sentence", () => {
  for (const text of ["", "unit", "unit/", "unit/a/b", "time/1", "time/x/2", "others/1", "week/1", "agent/%zz"]) {
    expect(() => parsePopulation(text)).toThrow("names no traces to compare");
  }
});

test("a population has a name", () => {
  const day = (ms: number) => `day ${ms}`;
  expect(namePopulation({ kind: "time", fromMs: 0, toMs: weekMs }, day)).toBe("week of day 0");
  expect(namePopulation({ kind: "time", fromMs: 0, toMs: 11 }, day)).toBe("day 0 to day 10");
  expect(namePopulation({ kind: "version", agent: "refunds", agentVersion: "2" }, day)).toBe("refunds 2");
  expect(namePopulation({ kind: "fail", scorer: "polite" }, day)).toBe("failed polite");
});
