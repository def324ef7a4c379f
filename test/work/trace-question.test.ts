import { afterAll, beforeAll, expect, test } from "vitest";
import type { ScoreRecord } from "#lib/model/score.ts";
import { allTraces, parseTraceFilter, sortColumns, type TraceFilter } from "#lib/wire/trace-filter.ts";
import { type FacetName, facetNames } from "#lib/wire/traces.ts";
import { TraceBrowser } from "#lib/work/trace-browser.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { hexId, makeSpan } from "../spans.ts";

let fixture: LakeFixture;
let browser: TraceBrowser;
const scope = scopeOf(["legal", "support"]);
const morning = BigInt(Date.UTC(2026, 10, 20, 9)) * 1_000_000n;
const hour = 3_600_000_000_000n;

const verdict = (trace: string, pass: boolean | null, measured?: number): ScoreRecord => ({
  traceId: hexId(trace, 32),
  spanId: null,
  businessUnit: "support",
  day: "2026-11-20",
  scorer: measured === undefined ? "refusal" : "likeness",
  scorerVersion: "1",
  source: "scorer",
  score:
    measured !== undefined
      ? { kind: "scored", value: measured, pass: null, label: null, reason: null, evidence: [] }
      : pass === null
        ? { kind: "unscored", status: "skipped", reason: "no answer" }
        : { kind: "scored", value: pass ? 1 : 0, pass, label: null, reason: null, evidence: [] },
  durationMs: null,
  costUsd: null,
  runId: null,
  samplingProbability: 1,
  scoredAtMs: 1,
  detail: null
});

beforeAll(async () => {
  fixture = await openLakeFixture();
  const agent = (traceId: string, given: object) =>
    makeSpan({ traceId, spanId: "root", kind: "agent", startNs: morning, endNs: morning + 1000n, ...given });
  await fixture.lake.append(scope, {
    spans: [
      agent("a", {
        agent: "refunds",
        model: "m1",
        environment: "production",
        costUsd: 0.005,
        outputText: "Your REFUND is on its way"
      }),
      makeSpan({
        traceId: "a",
        spanId: "tool",
        parentSpanId: "root",
        kind: "tool",
        toolName: "issue_refund",
        startNs: morning,
        endNs: morning + 10n
      }),
      agent("b", {
        agent: "refunds",
        status: "error",
        costUsd: 2,
        startNs: morning + hour,
        endNs: morning + hour + 5_000_000_000n
      }),
      agent("c", { agent: null, startNs: morning + 2n * hour, endNs: morning + 2n * hour + 1n }),
      agent("l", {
        agent: "cases",
        businessUnit: "legal",
        startNs: morning + 3n * hour,
        endNs: morning + 3n * hour + 1n
      })
    ],
    scores: [
      verdict("a", true),
      verdict("b", false),
      verdict("c", null),
      verdict("a", null, 0.3),
      verdict("b", null, 0.8)
    ]
  });
  await fixture.state.annotations.tag(scope, [{ traceId: hexId("b", 32), businessUnit: "support" }], "read this", "");
  browser = new TraceBrowser({
    lake: fixture.lake,
    annotations: fixture.state.annotations,
    people: fixture.state.people
  });
});
afterAll(async () => {
  await browser.close();
  await fixture.close();
});

const at = (hours: number) => Date.UTC(2026, 10, 20, 9 + hours);

/** A filter, and the traces it leaves, the newest first. */
const cases: readonly (readonly [string, Partial<TraceFilter>, readonly string[]])[] = [
  ["nothing", {}, ["l", "c", "b", "a"]],
  ["a unit", { units: ["legal"] }, ["l"]],
  ["an agent", { agents: ["refunds"] }, ["b", "a"]],
  ["a model", { models: ["m1", "m2"] }, ["a"]],
  ["a status", { statuses: ["error"] }, ["b"]],
  ["errors inside", { statuses: ["with-errors"] }, ["b"]],
  ["a tool", { tools: ["issue_refund"] }, ["a"]],
  ["a time", { fromMs: at(1), toMs: at(3) }, ["c", "b"]],
  ["an environment", { environments: ["production"] }, ["a"]],
  ["no environment", { environments: [""], agents: ["refunds"] }, ["b"]],
  ["a kind that traces count", { kinds: ["tool"] }, ["a"]],
  ["a kind that only spans know", { kinds: ["agent", "guardrail"], fromMs: at(1) }, ["l", "c", "b"]],
  ["a cost", { costs: [{ low: 0.001, high: 0.01 }] }, ["a"]],
  [
    "either of two costs",
    {
      costs: [
        { low: 1, high: null },
        { low: 0.001, high: 0.01 }
      ]
    },
    ["b", "a"]
  ],
  ["no cost", { costs: [{ low: null, high: null }] }, ["l", "c"]],
  ["a duration", { durations: [{ low: 3000, high: 10_000 }] }, ["b"]],
  ["what passed", { scores: [{ scorer: "refusal", verdict: "pass" }] }, ["a"]],
  ["what failed", { scores: [{ scorer: "refusal", verdict: "fail" }] }, ["b"]],
  ["what has no verdict", { scores: [{ scorer: "refusal", verdict: "unscored" }] }, ["l", "c"]],
  [
    "one of two verdicts",
    {
      scores: [
        { scorer: "refusal", verdict: "pass" },
        { scorer: "refusal", verdict: "fail" }
      ]
    },
    ["b", "a"]
  ],
  [
    "what two scorers say",
    {
      scores: [
        { scorer: "refusal", verdict: "fail" },
        { scorer: "likeness", verdict: "75-100" }
      ]
    },
    ["b"]
  ],
  ["a label", { labels: ["read this", "and that"] }, ["b"]],
  ["words in any case", { text: " refund is " }, ["a"]],
  ["a trace id", { text: hexId("c", 32) }, ["c"]],
  ["a quote that would end a text in SQL", { text: "'; drop table traces; --" }, []],
  ["two at once", { agents: ["refunds"], statuses: ["ok"] }, ["a"]]
];

test.each(cases)("asking for %s leaves just those traces", async (_name, filter, expected) => {
  const asked = { ...allTraces, ...filter };
  const [{ traces }, { total }] = await Promise.all([browser.list(scope, asked), browser.facets(scope, asked)]);
  expect(traces.map(({ traceId }) => traceId)).toEqual(expected.map((name) => hexId(name, 32)));
  expect(total).toBe(expected.length);
});

/** A filter with one choice of a facet in place of those it has. */
function choose(filter: TraceFilter, name: FacetName, choice: string): TraceFilter {
  const own = parseTraceFilter(new URLSearchParams([[name, choice]]));
  const field = (Object.keys(own) as (keyof TraceFilter)[]).find(
    (key) => Array.isArray(own[key]) && own[key].length > 0
  )!;
  const kept = filter.scores.filter(({ scorer }) => !own.scores.some((score) => score.scorer === scorer));
  return { ...filter, [field]: own[field], ...(name === "score" ? { scores: [...kept, ...own.scores] } : {}) };
}

test.each([
  ["nothing", {}],
  ["a status", { statuses: ["error"] }],
  ["a verdict and an agent", { scores: [{ scorer: "refusal", verdict: "pass" as const }], agents: ["refunds"] }],
  ["a label in a time", { labels: ["read this"], fromMs: at(0), toMs: at(2) }]
])("while %s is asked for, every count is what choosing its value would show", async (_name, filter) => {
  const asked = { ...allTraces, ...filter };
  const { facets } = await browser.facets(scope, asked);
  const counted = facetNames.flatMap((name) =>
    (facets[name]?.choices ?? []).map((choice) => [name, ...choice] as const)
  );
  expect(counted.length).toBeGreaterThan(8);
  for (const [name, choice, n] of counted) {
    const { traces } = await browser.list(scope, choose(asked, name, choice));
    expect([name, choice, traces.length]).toEqual([name, choice, n]);
  }
});

test("a facet keeps its other values countable while one is chosen", async () => {
  const { facets } = await browser.facets(scope, { ...allTraces, statuses: ["error"], units: ["support"] });
  expect(facets.status?.choices).toEqual([
    ["ok", 2],
    ["error", 1],
    ["with-errors", 1]
  ]);
  expect(facets.unit?.choices).toEqual([["support", 1]]);
  expect(facets.score?.choices).toEqual([
    ["75-100:likeness", 1],
    ["fail:refusal", 1]
  ]);
});

test("values of one facet are found by a part of them", async () => {
  const { facets } = await browser.facets(scope, allTraces, { names: ["agent"], words: "FUND" });
  expect(facets).toEqual({ agent: { choices: [["refunds", 2]], distinct: 1 } });
});

test("a list is ordered by any column and read in pages that neither repeat nor lose a trace", async () => {
  for (const column of sortColumns) {
    for (const isDescending of [true, false]) {
      const seen: string[] = [];
      let before: string | null = null;
      do {
        const page: Awaited<ReturnType<TraceBrowser["list"]>> = await browser.list(scope, {
          ...allTraces,
          sort: { column, isDescending },
          limit: 1,
          before
        });
        seen.push(...page.traces.map(({ traceId }) => traceId));
        before = page.next;
      } while (before !== null);
      expect([column, isDescending, [...seen].sort()]).toEqual([
        column,
        isDescending,
        ["a", "b", "c", "l"].map((name) => hexId(name, 32)).sort()
      ]);
      if (column === "cost")
        expect(seen.slice(0, 2)).toEqual((isDescending ? ["b", "a"] : ["a", "b"]).map((name) => hexId(name, 32)));
    }
  }
});
