import { tableFromIPC } from "apache-arrow";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Span } from "#lib/model/span.ts";
import { hexId, makeSpan } from "../../spans.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "./fixture.ts";

let fixture: LakeFixture;
const admin = scopeOf(["legal", "support"]);

beforeEach(async () => {
  fixture = await openLakeFixture();
});
afterEach(() => fixture.close());

async function ask(sql: string, scope = admin, snapshotId?: number) {
  const kernel = await fixture.lake.openKernel(scope, snapshotId === undefined ? {} : { snapshotId });
  try {
    return await kernel.rows(sql, {}, 1000);
  } finally {
    await kernel.close();
  }
}

/** A trace of an agent that calls a model with 10 + 5 tokens and a tool. */
function refundTrace(name: string, given: Partial<Span> = {}): Span[] {
  const user = [{ role: "user", parts: [{ type: "text", content: `refund for ${name}` }] }];
  return [
    makeSpan({
      traceId: name,
      spanId: "root",
      kind: "agent",
      name: "invoke refunds",
      agent: "refunds",
      input: user,
      outputText: "done",
      ...given
    }),
    makeSpan({
      traceId: name,
      spanId: "model",
      parentSpanId: "root",
      kind: "llm",
      model: "m1",
      inputTokens: 10,
      outputTokens: 5,
      costUsd: 0.25,
      ...given
    }),
    makeSpan({
      traceId: name,
      spanId: "tool",
      parentSpanId: "root",
      kind: "tool",
      toolName: "issue_refund",
      toolArgs: { amount: 3 },
      status: "error",
      ...given
    })
  ];
}

test("what was appended is seen at once, and the same after a flush", async () => {
  const summary = await fixture.lake.append(admin, { spans: [...refundTrace("a"), ...refundTrace("b")], scores: [] });
  expect(summary).toMatchObject({ spansAdded: 6, spansReplaced: 0, spansUnchanged: 0, snapshotId: 1 });
  const question = `select trace_id, name, agent, status, spans, llm_calls, tool_calls, errors, models, tool_names, tokens_in, tokens_out, cost_usd, input, output, date, duration_ms from traces order by input`;
  const before = await ask(question);
  expect(before).toHaveLength(2);
  expect(before[0]).toEqual({
    trace_id: hexId("a", 32),
    name: "invoke refunds",
    agent: "refunds",
    status: "ok",
    spans: 3,
    llm_calls: 1,
    tool_calls: 1,
    errors: 1,
    models: ["m1"],
    tool_names: ["issue_refund"],
    tokens_in: 10,
    tokens_out: 5,
    cost_usd: 0.25,
    input: "refund for a",
    output: "done",
    date: "2026-11-20",
    duration_ms: 1000
  });
  const spans = "select * exclude (ingested_at) from spans order by span_id";
  const spansBefore = await ask(spans);
  await fixture.lake.flush();
  expect(await ask(question)).toEqual(before);
  expect(await ask(spans)).toEqual(spansBefore);
  expect(await fixture.lake.verify()).toEqual([]);
});

test("the same batch again changes nothing, not even the snapshot", async () => {
  const spans = refundTrace("a");
  await fixture.lake.append(admin, { spans, scores: [] });
  await fixture.lake.flush();
  const snapshotId = await fixture.lake.snapshotId();
  expect(await fixture.lake.append(admin, { spans, scores: [] })).toEqual({
    spansAdded: 0,
    spansReplaced: 0,
    spansUnchanged: 3,
    scoresAdded: 0,
    scoresUnchanged: 0,
    snapshotId
  });
});

test.each([true, false])(
  "a span that comes again with other content takes the place of the first (flushed: %s)",
  async (flushed) => {
    await fixture.lake.append(admin, { spans: [...refundTrace("a"), ...refundTrace("b")], scores: [] });
    if (flushed) await fixture.lake.flush();
    const changed = { ...refundTrace("a")[1]!, inputTokens: 90 };
    expect(await fixture.lake.append(admin, { spans: [changed], scores: [] })).toMatchObject({
      spansAdded: 0,
      spansReplaced: 1
    });
    expect(await ask("select count(*) as n, count(distinct span_id) as d, sum(tokens_in) as t from spans")).toEqual([
      { n: 6, d: 6, t: 100 }
    ]);
    expect(await ask("select sum(tokens_in) as t, sum(spans) as s from traces")).toEqual([{ t: 100, s: 6 }]);
    expect(await fixture.lake.verify()).toEqual([]);
  }
);

test("a trace that arrives in parts is one trace", async () => {
  const [root, model, tool] = refundTrace("a") as [Span, Span, Span];
  await fixture.lake.append(admin, { spans: [tool], scores: [] });
  await fixture.lake.append(admin, { spans: [model], scores: [] });
  await fixture.lake.flush();
  await fixture.lake.append(admin, { spans: [root], scores: [] });
  expect(await ask("select name, spans, tokens_in, input from traces")).toEqual([
    { name: "invoke refunds", spans: 3, tokens_in: 10, input: "refund for a" }
  ]);
  const [row] = await ask("select document from trace_documents");
  expect(JSON.parse(String(row!.document))).toMatchObject({
    id: hexId("a", 32),
    businessUnit: "support",
    durationMs: 1000,
    spans: { length: 3 }
  });
});

test.each([["wrapper first"], ["wrapper last"]])(
  "tokens that a wrapper repeats are counted once when it comes in another batch (%s)",
  async (order) => {
    const spans = [
      makeSpan({ traceId: "t", spanId: "agent", kind: "agent", inputTokens: 7, costUsd: 0.5 }),
      makeSpan({ traceId: "t", spanId: "call", parentSpanId: "agent", kind: "llm", inputTokens: 7, costUsd: 0.5 })
    ];
    for (const span of order === "wrapper first" ? spans : spans.toReversed())
      await fixture.lake.append(admin, { spans: [span], scores: [] });
    expect(await ask("select spans, tokens_in, cost_usd from traces")).toEqual([
      { spans: 2, tokens_in: 7, cost_usd: 0.5 }
    ]);
    expect(await fixture.lake.verify()).toEqual([]);
  }
);

test("tokens that a wrapper repeats are counted once", async () => {
  const spans = [
    makeSpan({ traceId: "t", spanId: "agent", kind: "agent", inputTokens: 7, outputTokens: 2 }),
    makeSpan({ traceId: "t", spanId: "call", parentSpanId: "agent", kind: "llm", inputTokens: 7, outputTokens: 2 }),
    makeSpan({ traceId: "t", spanId: "provider", parentSpanId: "call", kind: "llm", inputTokens: 7, outputTokens: 2 })
  ];
  await fixture.lake.append(admin, { spans, scores: [] });
  expect(await ask("select tokens_in, tokens_out from traces")).toEqual([{ tokens_in: 7, tokens_out: 2 }]);
});

test("an older snapshot is read as it was", async () => {
  await fixture.lake.append(admin, { spans: refundTrace("a"), scores: [] });
  await fixture.lake.append(admin, { spans: refundTrace("b"), scores: [] });
  await fixture.lake.flush();
  expect(await ask("select count(*) as n from traces", admin, 1)).toEqual([{ n: 1 }]);
  expect(await ask("select count(*) as n from traces")).toEqual([{ n: 2 }]);
});

test("a scope sees its own units alone, and an empty scope sees nothing", async () => {
  await fixture.lake.append(admin, {
    spans: [...refundTrace("a"), ...refundTrace("l", { businessUnit: "legal" })],
    scores: []
  });
  expect(await ask("select distinct business_unit as u from spans", scopeOf(["legal"], "scientist"))).toEqual([
    { u: "legal" }
  ]);
  expect(await ask("select count(*) as n from spans", scopeOf([], "viewer"))).toEqual([{ n: 0 }]);
});

test("a unit outside the scope is not written to, unless by an admin", async () => {
  const spans = refundTrace("a");
  await expect(fixture.lake.append(scopeOf(["legal"], "lead"), { spans, scores: [] })).rejects.toMatchObject({
    code: "denied"
  });
  await expect(
    fixture.lake.append(admin, { spans: refundTrace("x", { businessUnit: "../up" }), scores: [] })
  ).rejects.toMatchObject({ code: "invalid" });
  expect(await fixture.lake.snapshotId()).toBe(0);
});

test("a verdict is kept once, and the newest of a scorer's version is what scores shows", async () => {
  await fixture.lake.append(admin, { spans: refundTrace("a"), scores: [] });
  const record = {
    traceId: hexId("a", 32),
    spanId: null,
    businessUnit: "support",
    day: "2026-11-20",
    scorer: "refusal",
    scorerVersion: "v1",
    source: "scorer" as const,
    score: { kind: "scored" as const, value: 1, pass: true, label: null, reason: null, evidence: [] },
    durationMs: 1,
    costUsd: null,
    runId: "r1",
    samplingProbability: 1,
    scoredAtMs: 1000,
    detail: null
  };
  const unscored = {
    ...record,
    score: { kind: "unscored" as const, status: "error" as const, reason: "it threw" },
    scoredAtMs: 2000
  };
  expect(await fixture.lake.append(admin, { spans: [], scores: [record] })).toMatchObject({ scoresAdded: 1 });
  expect(
    await fixture.lake.append(admin, { spans: [], scores: [{ ...record, runId: "r2", scoredAtMs: 1500 }] })
  ).toMatchObject({ scoresAdded: 0, scoresUnchanged: 1 });
  await fixture.lake.append(admin, { spans: [], scores: [unscored] });
  await fixture.lake.flush();
  expect(await ask("select status, value, reason from scores")).toEqual([
    { status: "error", value: null, reason: "it threw" }
  ]);
  expect(await ask("select count(*) as n from score_history")).toEqual([{ n: 2 }]);
});

test("every kind of column arrives in Arrow with its nulls", async () => {
  const kernel = await fixture.lake.openKernel(admin);
  const answer = await kernel.query(
    `select i, case when i % 3 = 0 then null else 'text number ' || i end as long, 't' || i as short, i % 2 = 0 as even, i / 2.0 as half,
      timestamp '2026-01-01 00:00:00' + to_hours(i::int) as at, date '2026-01-01' + i::int as day, case when i % 2 = 0 then [i, i + 1] end as list,
      i::hugeint as wide, i::decimal(12, 2) as money, 'Ünï→' || i as unicode
     from range(5000) r(i)`,
    {},
    4000
  );
  const table = tableFromIPC(answer.bytes);
  expect(answer).toMatchObject({ rows: 4000, cut: true });
  expect(table.numRows).toBe(4000);
  for (const row of [0, 1, 2, 3, 2047, 2048, 3999]) {
    expect(table.get(row)!.toJSON()).toEqual({
      i: BigInt(row),
      long: row % 3 === 0 ? null : `text number ${row}`,
      short: `t${row}`,
      even: row % 2 === 0,
      half: row / 2,
      at: Date.UTC(2026, 0, 1, row),
      day: expect.anything(),
      list: row % 2 === 0 ? JSON.stringify([String(row), String(row + 1)]) : null,
      wide: row,
      money: row,
      unicode: `Ünï→${row}`
    });
  }
  await kernel.close();
});

test("a question that is stopped is interrupted", async () => {
  const kernel = await fixture.lake.openKernel(admin);
  const stop = new AbortController();
  const asking = kernel.rows("select count(*) from range(100000000) a, range(100000) b", {}, 1, stop.signal);
  setImmediate(() => stop.abort());
  await expect(asking).rejects.toMatchObject({ code: "limit", message: "stopped" });
  expect(await kernel.rows("select 1 as one", {}, 1)).toEqual([{ one: 1 }]);
  await kernel.close();
});

test("the engine's complaint names the place in the person's text", async () => {
  const kernel = await fixture.lake.openKernel(admin);
  await expect(kernel.materialise("x", "select 1,\n  nothing_here\nfrom traces", {})).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringMatching(/nothing_here/),
    position: { line: 2, column: 3 }
  });
  await expect(kernel.query("select * from trasces", {}, 1)).rejects.toMatchObject({
    message: 'there is no table or cell named "trasces"'
  });
  await kernel.close();
});

test("parameters are bound, never spliced, and dates compare with times", async () => {
  await fixture.lake.append(admin, { spans: refundTrace("a"), scores: [] });
  const kernel = await fixture.lake.openKernel(admin);
  const count = async (since: string) =>
    (await kernel.rows("select count(*) as n from traces where started_at >= $since", { since }, 1))[0];
  expect(await count("2026-11-20")).toEqual({ n: 1 });
  expect(await count("2026-11-21")).toEqual({ n: 0 });
  expect(await kernel.rows("select $x as x", { x: "'; drop table spans; --" }, 1)).toEqual([
    { x: "'; drop table spans; --" }
  ]);
  await expect(kernel.rows("select $y", {}, 1)).rejects.toMatchObject({ message: expect.stringMatching(/\$y/) });
  await kernel.close();
});

test.each([
  ["earlier", 0, "2026-11-21"],
  ["newest", -1, "2026-11-20"]
])("a damaged file of the %s day is named, and the other day can still be asked", async (_, damaged, day) => {
  const { writeFile } = await import("node:fs/promises");
  const nextDay = BigInt(Date.UTC(2026, 10, 21, 9)) * 1_000_000n;
  await fixture.lake.append(admin, {
    spans: [...refundTrace("a"), ...refundTrace("b", { startNs: nextDay, endNs: nextDay })],
    scores: []
  });
  await fixture.lake.flush();
  const files = await fixture.state.catalog.listFiles({
    snapshotId: await fixture.lake.snapshotId(),
    tables: ["spans"]
  });
  const { path } = files.at(damaged)!;
  await writeFile(`${fixture.folder}/${path}`, "PAR1 half a file");
  await expect(ask("select count(*) from spans where input_text is null")).rejects.toMatchObject({
    code: "broken",
    hint: expect.stringMatching(/lake verify/)
  });
  expect(await ask(`select count(*) as n from spans where date = date '${day}'`)).toEqual([{ n: 3 }]);
  expect(await fixture.lake.verify()).toEqual([{ path, message: expect.stringMatching(/bytes instead of/) }]);
});
