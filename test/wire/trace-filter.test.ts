import fc from "fast-check";
import { expect, test } from "vitest";
import {
  allTraces,
  formatTraceFilter,
  parseSpoken,
  parseTraceFilter,
  type TraceFilter
} from "#lib/wire/trace-filter.ts";

const parse = (text: string) => parseTraceFilter(new URLSearchParams(text));

const words = fc.array(fc.string(), { maxLength: 3 });
const someFilter: fc.Arbitrary<TraceFilter> = fc.record({
  units: words,
  agents: words,
  models: words,
  statuses: words,
  tools: words,
  score: fc.option(
    fc.record({
      scorer: fc.string({ minLength: 1 }),
      verdict: fc.constantFrom("pass" as const, "fail" as const, "unscored" as const)
    })
  ),
  label: fc.option(fc.string({ minLength: 1 })),
  text: fc.string(),
  fromMs: fc.option(fc.maxSafeInteger()),
  toMs: fc.option(fc.maxSafeInteger()),
  before: fc.option(fc.string()),
  limit: fc.integer({ min: 1, max: 500 })
});

test("a filter survives its address: parse after format gives it back", () => {
  fc.assert(
    fc.property(someFilter, (filter) => {
      const address = formatTraceFilter(filter).toString();
      expect(parse(address)).toEqual(filter);
    })
  );
});

test("all traces have an empty address", () => {
  expect(formatTraceFilter(allTraces).toString()).toBe("");
  expect(parse("score=&label=&from=&to=&limit=")).toEqual(allTraces);
});

test("a time may be milliseconds or an ISO date", () => {
  expect(parse("from=2026-11-20&to=1795132800000")).toMatchObject({
    fromMs: Date.UTC(2026, 10, 20),
    toMs: 1_795_132_800_000
  });
});

test("a scorer's name may hold colons of its own", () => {
  expect(parse("score=fail:team:polite").score).toEqual({ verdict: "fail", scorer: "team:polite" });
});

test.each([
  ["score=polite", /not a verdict and a scorer/],
  ["score=maybe:polite", /not a verdict and a scorer/],
  ["score=pass:", /not a verdict and a scorer/],
  ["from=yesterday", /"from" is "yesterday", not a time/],
  ["limit=501", /"limit" is "501"/],
  ["limit=0", /"limit" is "0"/],
  ["limit=2.5", /"limit" is "2\.5"/]
])("the filter %s is refused by the name of its field", (text, sentence) => {
  expect(() => parse(text)).toThrow(sentence);
});

test("a longer conversation is asked for by a count of spans, and by nothing else", () => {
  const parse = (text: string) => parseSpoken(new URLSearchParams(text));
  expect(parse("")).toBeUndefined();
  expect(parse("spoken=2400")).toBe(2400);
  for (const wrong of ["0", "25001", "1.5", "many"]) expect(() => parse(`spoken=${wrong}`)).toThrow(/"spoken" is/);
});
