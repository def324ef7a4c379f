import { afterAll, beforeAll, expect, test } from "vitest";
import type { ScoreRecord } from "#lib/model/score.ts";
import { allTraces, type TraceFilter } from "#lib/wire/trace-filter.ts";
import { TraceBrowser } from "#lib/work/trace-browser.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { hexId, makeSpan } from "../spans.ts";

let fixture: LakeFixture;
let browser: TraceBrowser;
const scope = scopeOf(["legal", "support"]);
const morning = BigInt(Date.UTC(2026, 10, 20, 9)) * 1_000_000n;
const hour = 3_600_000_000_000n;

const verdict = (trace: string, pass: boolean | null): ScoreRecord => ({
  traceId: hexId(trace, 32),
  spanId: null,
  businessUnit: "support",
  day: "2026-11-20",
  scorer: "refusal",
  scorerVersion: "1",
  source: "scorer",
  score:
    pass === null
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
      agent("a", { agent: "refunds", model: "m1", outputText: "Your REFUND is on its way" }),
      makeSpan({
        traceId: "a",
        spanId: "tool",
        parentSpanId: "root",
        kind: "tool",
        toolName: "issue_refund",
        startNs: morning,
        endNs: morning + 10n
      }),
      agent("b", { agent: "refunds", status: "error", startNs: morning + hour, endNs: morning + hour + 1n }),
      agent("c", { agent: null, startNs: morning + 2n * hour, endNs: morning + 2n * hour + 1n }),
      agent("l", {
        agent: "cases",
        businessUnit: "legal",
        startNs: morning + 3n * hour,
        endNs: morning + 3n * hour + 1n
      })
    ],
    scores: [verdict("a", true), verdict("b", false), verdict("c", null)]
  });
  await fixture.state.annotations.tag(scope, [{ traceId: hexId("b", 32), businessUnit: "support" }], "read this", "");
  browser = new TraceBrowser({ lake: fixture.lake, annotations: fixture.state.annotations });
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
  ["a tool", { tools: ["issue_refund"] }, ["a"]],
  ["a time", { fromMs: at(1), toMs: at(3) }, ["c", "b"]],
  ["what passed", { score: { scorer: "refusal", verdict: "pass" } }, ["a"]],
  ["what failed", { score: { scorer: "refusal", verdict: "fail" } }, ["b"]],
  ["what has no verdict", { score: { scorer: "refusal", verdict: "unscored" } }, ["l", "c"]],
  ["a label", { label: "read this" }, ["b"]],
  ["words in any case", { text: " refund is " }, ["a"]],
  ["a trace id", { text: hexId("c", 32) }, ["c"]],
  ["a quote that would end a text in SQL", { text: "'; drop table traces; --" }, []],
  ["two at once", { agents: ["refunds"], statuses: ["ok"] }, ["a"]]
];

test.each(cases)("asking for %s leaves just those traces", async (_name, filter, expected) => {
  const { traces, total } = await browser.list(scope, { ...allTraces, ...filter });
  expect(traces.map(({ traceId }) => traceId)).toEqual(expected.map((name) => hexId(name, 32)));
  expect(total).toBe(expected.length);
});

test("a facet keeps its other values countable while one is chosen", async () => {
  const { facets } = await browser.list(scope, { ...allTraces, statuses: ["error"], units: ["support"] });
  expect(new Map(facets.status)).toEqual(
    new Map([
      ["ok", 2],
      ["error", 1]
    ])
  );
  expect(new Map(facets.unit)).toEqual(new Map([["support", 1]]));
});
