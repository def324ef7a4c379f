import { afterAll, beforeAll, expect, test } from "vitest";
import type { Compiler } from "#lib/ports/compiler.ts";
import type { Sandbox } from "#lib/ports/sandbox.ts";
import { openCompiler } from "#lib/server/compiler.ts";
import { openSandbox } from "#lib/server/sandbox/sandbox.ts";
import { runWorkbookFile } from "#lib/work/run-workbook-file.ts";
import { makeSpan } from "../spans.ts";
import { openDesk, scope } from "./desk-fixture.ts";

let bench: Awaited<ReturnType<typeof openDesk>>;
let real: { compiler: Compiler; sandbox: Sandbox };
const never = new AbortController().signal;

/** Beside the desk's own traces: three that call "find_order" twice and once more where their number is odd. */
beforeAll(async () => {
  real = { compiler: await openCompiler(), sandbox: await openSandbox() };
  bench = await openDesk({}, real);
  const spans = [0, 1, 2].flatMap((trace) => [
    makeSpan({ traceId: `calls${trace}`, spanId: "root", kind: "agent", agent: "caller" }),
    ...Array.from({ length: 2 + (trace % 2) }, (_, call) =>
      makeSpan({
        traceId: `calls${trace}`,
        spanId: `call${call}`,
        parentSpanId: "root",
        kind: "tool",
        toolName: "find_order",
        toolArgs: { order: call === 2 ? null : `O${trace}` }
      })
    )
  ]);
  // Two conversations under one id, in two units, and a trace of none; the last turn of one comes first.
  const turns = [2, 0, 1].map((turn) =>
    makeSpan({
      ...{ traceId: `turn${turn}`, spanId: "root", kind: "agent", agent: "talker", sessionId: "talk" },
      ...{ startNs: BigInt(Date.UTC(2026, 10, 24, 9, turn)) * 1_000_000n, outputText: `said ${turn}` }
    })
  );
  const others = [
    makeSpan({
      traceId: "other",
      spanId: "root",
      kind: "agent",
      agent: "talker",
      sessionId: "talk",
      businessUnit: "claims"
    }),
    makeSpan({ traceId: "alone", spanId: "root", kind: "agent", agent: "talker" })
  ];
  await bench.lake.append(scope, { spans: [...spans, ...turns, ...others], scores: [] });
});
afterAll(async () => {
  await bench.close();
  await Promise.all([real.compiler.close(), real.sandbox.close()]);
});

const text = (settings: string) => `\`\`\`sql callers
select * from traces where agent = 'caller'
\`\`\`

\`\`\`ts scorer names_an_order
import { fail, pass, scorer } from "tracebook";
export default scorer({
  target: "span",
  spanKinds: ["tool"],
  score: (span, trace) => {
    const { order } = span.toolArgs as { readonly order: string | null };
    return order === null ? fail("no order in " + trace.id + "/" + span.id) : pass();
  }
});
\`\`\`

\`\`\`yaml score verdicts
traces: callers
scorer: names_an_order
${settings}
\`\`\`

\`\`\`sql check named
select 'calls that name an order' as name, avg(value) as value, 0.8 as threshold, avg(value) >= 0.8 as pass,
  count(value) as n from verdicts join spans using (trace_id, span_id) where tool_name = 'find_order'
\`\`\`
`;

async function run(settings: string) {
  const doors = { desk: bench.desk, runs: bench.state.runs, workbooks: bench.state.workbooks };
  const file = { kind: "file", path: "calls.md", text: text(settings) } as const;
  const { run } = await runWorkbookFile(doors, scope, file, {}, () => undefined, never);
  return run;
}

test.each(["", "target: span"])("a scorer of spans scores each of them, %j", async (settings) => {
  const done = await run(settings);
  const cell = done.cells.find(({ key }) => key === "verdicts")!.state;
  expect(cell).toMatchObject({
    state: "done",
    result: { kind: "scores", rows: 7, summary: { n: 7, passes: 6, unscored: 0 } },
    notes: []
  });
  expect(done.checks).toMatchObject([{ value: 6 / 7, n: 7, pass: true }]);
});

test("the lake keeps which span each verdict is about", async () => {
  await run("");
  const kernel = await bench.lake.openKernel(scope);
  try {
    const rows = await kernel.rows(
      `select s.trace_id, s.span_id, s.pass, s.reason, p.tool_args from scores s join spans p using (trace_id, span_id)
        where s.scorer = 'names_an_order'`,
      {},
      20
    );
    const named = rows.map((row) => `${String(row["tool_args"])} ${String(row["pass"])} ${String(row["reason"])}`);
    const failed = rows.find((row) => row["pass"] === false)!;
    expect(named.toSorted()).toEqual([
      '{"order":"O0"} true null',
      '{"order":"O0"} true null',
      '{"order":"O1"} true null',
      '{"order":"O1"} true null',
      '{"order":"O2"} true null',
      '{"order":"O2"} true null',
      `{"order":null} false no order in ${String(failed["trace_id"])}/${String(failed["span_id"])}`
    ]);
  } finally {
    await kernel.close();
  }
});

test("a cell that wants traces of a scorer of spans says which of the two to change", async () => {
  const done = await run("target: trace");
  expect(done.cells.find(({ key }) => key === "verdicts")!.state).toMatchObject({
    state: "failed",
    fault: {
      code: "invalid",
      message: 'the cell scores traces, the scorer "names_an_order" spans',
      hint: expect.stringContaining("Write target: span here")
    }
  });
});

const sessions = (settings = "") => `\`\`\`sql talkers
select * from traces where agent = 'talker' and trace_id <> (select min(trace_id) from traces where output = 'said 1')
\`\`\`

\`\`\`ts scorer ends_well
import { fail, pass, scorer } from "tracebook";
export default scorer({
  target: "session",
  score: ({ id, businessUnit, traces }) => {
    const said = [id, businessUnit, traces.map((trace) => trace.output).join()].join(" ");
    return traces.length > 1 && traces.at(-1)!.output === "said 2" ? pass(said) : fail(said);
  }
});
\`\`\`

\`\`\`yaml score verdicts
traces: talkers
scorer: ends_well
${settings}
\`\`\`

\`\`\`sql check said
select string_agg(concat_ws(' | ', v.session_id, v.business_unit, v.reason, t.output), '; ' order by v.business_unit) as name,
  1 as value, true as pass from verdicts v join traces t using (trace_id)
\`\`\`
`;

async function runSessions(settings?: string) {
  const doors = { desk: bench.desk, runs: bench.state.runs, workbooks: bench.state.workbooks };
  const file = { kind: "file", path: "talks.md", text: sessions(settings) } as const;
  const { run } = await runWorkbookFile(doors, scope, file, {}, () => undefined, never);
  return { run, cell: run.cells.find(({ key }) => key === "verdicts")!.state };
}

test("a scorer of sessions is called once for each, with all of its traces in order, and its verdict stands at the last", async () => {
  const { run: done, cell } = await runSessions();
  expect(cell).toMatchObject({
    result: { rows: 2, summary: { n: 2, passes: 1 } },
    notes: ["Of no session, and so not scored: 1 of the table's traces."]
  });
  expect(done.checks[0]!.name).toBe(
    "talk | claims | talk claims ; talk | support | talk support said 0,said 1,said 2 | said 2"
  );
  const kernel = await bench.lake.openKernel(scope);
  try {
    const rows = await kernel.rows(
      "select s.detail, s.span_id, t.output from scores s join traces t using (trace_id) where scorer = 'ends_well' and s.pass",
      {},
      20
    );
    expect(rows).toEqual([{ detail: '{"session_id":"talk"}', span_id: null, output: "said 2" }]);
  } finally {
    await kernel.close();
  }
});

test("a scorer of sessions is told nothing that is expected, and its types are known", async () => {
  expect((await runSessions("expected: output")).cell).toMatchObject({
    fault: { message: "a scorer of sessions is told nothing that is expected" }
  });
  expect((await runSessions("target: trace")).cell).toMatchObject({
    fault: { message: 'the cell scores traces, the scorer "ends_well" sessions' }
  });
  const [, source] = /```ts scorer ends_well\n([\s\S]*?)```/.exec(sessions())!;
  expect(await real.compiler.diagnose(source!)).toEqual([]);
  expect(await real.compiler.diagnose(source!.replace("trace.output", "trace.outputs"))).toMatchObject([
    { message: expect.stringContaining("outputs") }
  ]);
});
