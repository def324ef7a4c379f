import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Span, SpanKind } from "#lib/model/span.ts";
import type { TraceDocument } from "#lib/model/trace-document.ts";
import type { Lake } from "#lib/ports/lake.ts";
import { TraceView } from "#lib/scoring/trace-view.ts";
import { buildTracePart } from "#lib/sql/trace-part.ts";
import { hexId, makeSpan } from "../../spans.ts";
import { type LakeFixture, openBeside, openLakeFixture, scopeOf } from "./fixture.ts";

let fixture: LakeFixture;
let beside: Lake;
let runs = 0;

beforeAll(async () => {
  fixture = await openLakeFixture();
  beside = await openBeside(fixture);
});

afterAll(async () => {
  await beside.close();
  await fixture.close();
});

const dayNs = 86_400_000_000_000n;
const startNs = BigInt(Date.UTC(2026, 10, 20)) * 1_000_000n;

/** A step of a trace: what hangs below which, what it says, in which batch it comes, whether it is corrected later. */
const step = fc.record({
  below: fc.nat(7),
  kind: fc.constantFrom<SpanKind>("llm", "tool", "agent", "chain"),
  batch: fc.nat(3),
  minutes: fc.nat(3 * 1440),
  tokens: fc.option(fc.nat(1000)),
  text: fc.option(fc.constantFrom("a", "b", "c")),
  agent: fc.option(fc.constantFrom("planner", "writer")),
  error: fc.boolean(),
  corrected: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0)
});

const lake = fc.record({
  traces: fc.array(fc.record({ rooted: fc.boolean(), steps: fc.array(step, { minLength: 1, maxLength: 8 }) }), {
    minLength: 1,
    maxLength: 5
  }),
  flushes: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  /** Which batches, and the flushes after them, are the other writer's. */
  besides: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 })
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function spanOf(unit: string, trace: number, index: number, rooted: boolean, given: Step): Span {
  // No two steps begin at once, so that their order is not a matter of chance.
  const at = startNs + BigInt(given.minutes) * 60_000_000_000n + BigInt(index) * 1000n;
  const word = given.text ?? "";
  const isRoot = rooted && index === 0;
  return makeSpan({
    traceId: `${unit}/${trace}`,
    spanId: String(index),
    parentSpanId: isRoot ? null : `${given.below % Math.max(1, index)}${index === 0 ? "/unknown" : ""}`,
    businessUnit: unit,
    name: `step ${index}`,
    kind: given.kind,
    startNs: at,
    endNs: at + 5_000_000_000n,
    status: given.error ? "error" : "ok",
    agent: given.agent,
    sessionId: `${unit} session ${trace % 2}`,
    model: given.kind === "llm" ? `model-${word}` : null,
    toolName: given.kind === "tool" ? `tool-${word}` : null,
    inputTokens: given.tokens,
    costUsd: given.tokens === null ? null : given.tokens / 8,
    input: given.text === null ? null : [{ role: "user", parts: [{ type: "text", content: `ask ${word} ${index}` }] }],
    outputText: given.text === null ? null : `answer ${word} ${index}`
  });
}

const allColumns = [
  ...["spans", "llm_calls", "tool_calls", "errors", "models", "tool_names", "name", "status", "time_source"],
  ...["agent", "session_id", "tokens_in", "tokens_out", "cost_usd", "input", "output"]
];

test("views say of a trace what its spans say, however it was split over batches and writers, flushed and corrected", async () => {
  await fc.assert(
    fc.asyncProperty(lake, async ({ traces, flushes, besides }) => {
      const unit = `unit-${++runs}`;
      const scope = scopeOf([unit]);
      const now = new Map<string, Map<number, Span>>();
      const compare = async (columns: readonly string[]) => {
        const kernel = await fixture.lake.openKernel(scope);
        try {
          const rows = await kernel.rows(
            `select *, strftime(started_at, '%Y-%m-%d %H:%M:%S.%f') as began, strftime(ended_at, '%Y-%m-%d %H:%M:%S.%f') as ended from traces order by trace_id`,
            {},
            1000
          );
          const naive = [...now.values()]
            .map((spans) => ({ spans, part: buildTracePart([...spans.values()]) }))
            .sort((a, b) => (String(a.part.trace_id) < String(b.part.trace_id) ? -1 : 1));
          const pick = (row: Readonly<Record<string, unknown>>) =>
            Object.fromEntries([...columns, "trace_id", "began", "ended"].map((name) => [name, row[name]]));
          expect(rows.map(pick)).toEqual(
            naive.map(({ part }) => pick({ ...part, began: part.started_at, ended: part.ended_at }))
          );
          const documents = await kernel.rows(
            "select trace_id, document from trace_documents order by trace_id",
            {},
            99
          );
          expect(
            documents.map(({ document }) =>
              (JSON.parse(String(document)) as { spans: { id: string }[] }).spans.map(({ id }) => id).sort()
            )
          ).toEqual(naive.map(({ spans }) => [...spans.values()].map(({ spanId }) => spanId).sort()));
          const views = documents.map(({ document }) => new TraceView(JSON.parse(String(document)) as TraceDocument));
          expect(views.map(({ usage, costUsd }) => [usage.inputTokens, costUsd])).toEqual(
            rows.map((row) => [row.tokens_in, row.cost_usd])
          );
          const [sessions] = await kernel.rows("select sum(traces)::integer as n from sessions", {}, 1);
          expect(sessions).toEqual({ n: naive.length });
        } finally {
          await kernel.close();
        }
      };
      for (let batch = 0; batch < 5; batch += 1) {
        const spans = traces.flatMap(({ rooted, steps }, trace) =>
          steps.flatMap((given, index) => {
            const comes = batch < 4 ? given.batch === batch : given.corrected;
            if (!comes) return [];
            const span = spanOf(unit, trace, index, rooted, batch < 4 ? given : { ...given, text: "c", error: true });
            const key = hexId(`${unit}/${trace}`, 32);
            now.set(key, (now.get(key) ?? new Map<number, Span>()).set(index, span));
            return [span];
          })
        );
        if (spans.length === 0) continue;
        const writer = besides[batch] ? beside : fixture.lake;
        await writer.append(scope, { spans, scores: [] });
        await compare(allColumns);
        if (flushes[batch]) await writer.flush();
      }
      await fixture.lake.flush();
      await compare(allColumns);
      const snapshotId = await fixture.state.catalog.currentSnapshot();
      expect(await fixture.state.catalog.listFiles({ snapshotId, tables: ["trace_parts"] })).toEqual([]);
    }),
    { numRuns: 5, seed: 7 }
  );
}, 120_000);

test("a trace over three days whose middle came last is united from all its days", async () => {
  const scope = scopeOf(["days"]);
  const day = (spanId: string, days: bigint) =>
    makeSpan({
      traceId: "long",
      spanId,
      parentSpanId: spanId === "root" ? null : "root",
      businessUnit: "days",
      startNs: startNs + days * dayNs,
      inputTokens: 10
    });
  await fixture.lake.append(scope, { spans: [day("root", 0n)], scores: [] });
  await fixture.lake.flush();
  await fixture.lake.append(scope, { spans: [day("end", 2n)], scores: [] });
  await fixture.lake.flush();
  await fixture.lake.append(scope, { spans: [day("middle", 1n)], scores: [] });
  await fixture.lake.flush();
  const kernel = await fixture.lake.openKernel(scope);
  try {
    expect(await kernel.rows("select spans, tokens_in from traces", {}, 9)).toEqual([{ spans: 3, tokens_in: 20 }]);
  } finally {
    await kernel.close();
  }
});

test("a view that several questions are the first to name at once answers each of them, in any spelling", async () => {
  const scope = scopeOf(["days"]);
  const kernel = await fixture.lake.openKernel(scope);
  try {
    const asked = ["sessions", "Trace_Documents", "trace_documents", "sessions"].map((view) =>
      kernel.rows(`select count(*) as n from ${view}`, {}, 1)
    );
    expect(await Promise.all(asked)).toEqual([[{ n: 0 }], [{ n: 1 }], [{ n: 1 }], [{ n: 0 }]]);
    await kernel.materialise("constructor", "select count(*) as n from trace_documents", {});
    expect(await kernel.rows("select n from constructor", {}, 1)).toEqual([{ n: 1 }]);
  } finally {
    await kernel.close();
  }
});
