import fc from "fast-check";
import { expect, test } from "vitest";
import { formatRange, rangesBetween } from "#lib/wire/number-range.ts";
import {
  allTraces,
  formatTraceFilter,
  parseFacetsAsked,
  parseSince,
  parseSpoken,
  parseTraceFilter,
  sortColumns,
  type TraceFilter,
  verdicts
} from "#lib/wire/trace-filter.ts";
import { facetNames } from "#lib/wire/traces.ts";

const parse = (text: string) => parseTraceFilter(new URLSearchParams(text));

const words = fc.array(fc.string(), { maxLength: 3 });
const ends = fc
  .tuple(
    fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }))
  )
  .filter(([low, high]) => low === null || high === null || low < high)
  // Below zero there is a zero that equals the other and is written like it.
  .map(([low, high]) => ({ low: low === null ? null : low + 0, high: high === null ? null : high + 0 }));
const someFilter: fc.Arbitrary<TraceFilter> = fc.record({
  units: words,
  agents: words,
  models: words,
  kinds: words,
  statuses: words,
  tools: words,
  environments: words,
  labels: fc.array(fc.string({ minLength: 1 }), { maxLength: 3 }),
  scores: fc.array(fc.record({ scorer: fc.string({ minLength: 1 }), verdict: fc.constantFrom(...verdicts) }), {
    maxLength: 3
  }),
  costs: fc.array(ends, { maxLength: 2 }),
  durations: fc.array(ends, { maxLength: 2 }),
  text: fc.string(),
  fromMs: fc.option(fc.maxSafeInteger()),
  toMs: fc.option(fc.maxSafeInteger()),
  sort: fc.record({ column: fc.constantFrom(...sortColumns), isDescending: fc.boolean() }),
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

test("a range is open at an end that is left out, and none stands for what nobody said", () => {
  expect(parse("cost=0.1..&cost=none&duration=..5").costs).toEqual([
    { low: 0.1, high: null },
    { low: null, high: null }
  ]);
});

test("ranges between bounds leave no gap", () => {
  expect(rangesBetween([1, 5]).map(formatRange)).toEqual(["..1", "1..5", "5.."]);
});

test("a scorer's name may hold colons of its own", () => {
  expect(parse("score=fail:team:polite").scores).toEqual([{ verdict: "fail", scorer: "team:polite" }]);
});

test.each([
  ["score=polite", /not a verdict and a scorer/],
  ["score=maybe:polite", /not a verdict and a scorer/],
  ["score=pass:", /not a verdict and a scorer/],
  ["from=yesterday", /"from" is "yesterday", not a time/],
  ["cost=cheap", /"cost" is "cheap", not a range/],
  ["duration=5..1", /"duration" is "5..1", not a range/],
  ["duration=..", /"duration" is "..", not a range/],
  ["sort=colour", /"sort" is "colour", not a column/],
  [new URLSearchParams(Array.from({ length: 101 }, () => ["unit", "a"])).toString(), /"unit" is given 101 times/],
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

test("counts are asked for by facet and by words, or for all of them", () => {
  const parse = (text: string) => parseFacetsAsked(new URLSearchParams(text));
  expect(parse("")).toEqual({ names: facetNames, words: "" });
  expect(parse("facet=agent&words=Re")).toEqual({ names: ["agent"], words: "Re" });
  expect(() => parse("facet=colour")).toThrow(/"facet" is "colour"/);
});

test("a live list goes on from a snapshot, and from nothing else", () => {
  expect(parseSince("0")).toBe(0);
  for (const wrong of [null, "", "-1", "1.5", "now"]) expect(() => parseSince(wrong)).toThrow(/"since" is/);
});
