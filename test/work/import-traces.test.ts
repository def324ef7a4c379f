import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ColumnMapping, parseColumnUse } from "#lib/formats/column-mapping.ts";
import { systemClock } from "#lib/server/clock.ts";
import { localFiles } from "#lib/server/source-files.ts";
import { importTraces } from "#lib/work/import-traces.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { sharedData } from "../shared-data.ts";

let fixture: LakeFixture;
let folder: string;
const admin = scopeOf(["support", "travel"]);

beforeEach(async () => {
  fixture = await openLakeFixture();
  folder = await mkdtemp(`${tmpdir()}/tracebook-import-`);
});
afterEach(async () => {
  await fixture.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (path: string, businessUnit = "support", mapping: ColumnMapping | null = null) =>
  importTraces(
    { lake: fixture.lake, annotations: fixture.state.annotations, sources: localFiles, clock: systemClock },
    admin,
    { path, businessUnit, format: null, environment: null, mapping },
    () => undefined,
    new AbortController().signal
  );

async function ask(sql: string) {
  const kernel = await fixture.lake.openKernel(admin);
  try {
    return await kernel.rows(sql, {}, 1000);
  } finally {
    await kernel.close();
  }
}

const message = (role: string, content: string | null, more: object = {}) => ({ role, content, ...more });
const tauRun = (task: number, reward: number) => ({
  task_id: task,
  trial: 0,
  reward,
  info: {},
  traj: [
    message("system", "Be kind."),
    message("user", `please change order ${task}`),
    message("assistant", null, {
      tool_calls: [{ id: "c1", type: "function", function: { name: "get_order", arguments: '{"id": 7}' } }]
    }),
    message("tool", '{"status": "shipped"}', { tool_call_id: "c1", name: "get_order" }),
    message("assistant", "It has been shipped.")
  ]
});

const tau2 = sharedData("tau2-gpt41");
test.skipIf(!tau2)("tau2 simulations give the runs, tool calls and verdicts that the set states", async () => {
  const summary = await run(tau2!);
  expect(summary).toMatchObject({ traces: 140, toolCalls: 689 + 626 + 299 + 148, scores: 140, rejected: 0 });
  expect(
    await ask("select agent, count(*) as runs, sum(tool_calls) as calls from traces group by agent order by agent")
  ).toEqual([
    { agent: "airline", runs: 20, calls: 148 },
    { agent: "retail", runs: 40, calls: 299 },
    { agent: "telecom", runs: 80, calls: 689 + 626 }
  ]);
  expect(
    await ask(
      "select count(*) as calls from spans where kind = 'tool' and attributes like '%\"tracebook.tool.requestor\":\"user\"%'"
    )
  ).toEqual([{ calls: 482 }]);
  expect(await ask("select count(*) as n, sum(value) as passed from scores where source = 'environment'")).toEqual([
    { n: 140, passed: 18 + 20 + 34 + 10 }
  ]);
  const again = await run(tau2!);
  expect(again).toMatchObject({ spansAdded: 0, spansReplaced: 0, spansUnchanged: summary.spans });
});

const tauBench = sharedData("tau-bench-airline");
test.skipIf(!tauBench)(
  "tau-bench trajectories give the runs, tool calls and verdicts that the set states",
  async () => {
    expect(await run(tauBench!, "travel")).toMatchObject({ traces: 200, toolCalls: 1164, scores: 200 });
    expect(
      await ask(
        "select count(*) as n, sum(tool_calls) as calls, count(*) filter (time_source = 'synthesised') as made_up, count(tokens_in) as with_tokens, count(cost_usd) as with_cost from traces"
      )
    ).toEqual([{ n: 200, calls: 1164, made_up: 200, with_tokens: 0, with_cost: 0 }]);
    expect(await ask("select count(*) as n from scores where pass")).toEqual([{ n: 84 }]);
  }
);

/** Every document of a set, as the files hold it. */
async function readRaw<T>(set: string): Promise<T[]> {
  const names = (await readdir(set)).filter((name) => name.endsWith(".json.gz"));
  return Promise.all(names.map(async (name) => JSON.parse(gunzipSync(await readFile(`${set}/${name}`)).toString())));
}

interface RawMessage {
  readonly role: string;
  readonly cost?: number | null;
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
}

test.skipIf(!tau2)(
  "tokens and cost are the sums over the agent's messages in the raw files, trace by trace",
  async () => {
    const files = await readRaw<{ simulations: { task_id: string; agent_cost: number; messages: RawMessage[] }[] }>(
      tau2!
    );
    const runs = files.flatMap(({ simulations }) =>
      simulations.map(({ task_id, agent_cost, messages }) => {
        const own = messages.filter(({ role }) => role === "assistant");
        return {
          task: task_id,
          tokens_in: own.reduce((sum, { usage }) => sum + (usage?.prompt_tokens ?? 0), 0),
          tokens_out: own.reduce((sum, { usage }) => sum + (usage?.completion_tokens ?? 0), 0),
          cost: Math.round(own.reduce((sum, { cost }) => sum + (cost ?? 0), 0) * 1e6),
          said: Math.round(agent_cost * 1e6)
        };
      })
    );
    const order = (rows: readonly object[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
    const total = (name: "tokens_in" | "tokens_out" | "cost") => runs.reduce((sum, row) => sum + row[name], 0);
    await run(tau2!);
    expect(
      order(
        await ask(`select json_extract_string(s.attributes, '$."tau.task_id"') as task, t.tokens_in, t.tokens_out,
        round(t.cost_usd * 1e6) as cost, round(json_extract(s.attributes, '$."tau.agent_cost"')::double * 1e6) as said
        from traces t join spans s on s.trace_id = t.trace_id and s.parent_span_id is null`)
      )
    ).toEqual(order(runs));
    const sums = "sum(tokens_in) as tokens_in, sum(tokens_out) as tokens_out, round(sum(cost_usd) * 1e6) as cost";
    const totals = { tokens_in: total("tokens_in"), tokens_out: total("tokens_out"), cost: total("cost") };
    expect(totals).toEqual({ tokens_in: 13_358_989, tokens_out: 103_876, cost: 8_815_546 });
    expect(await ask(`select ${sums} from traces`)).toEqual([totals]);
    expect(await ask(`select ${sums} from spans`)).toEqual([totals]);
  }
);

test.skipIf(!tauBench)("runs without tokens have none, and what their users cost stays with the verdict", async () => {
  const runs = (
    await readRaw<{ task_id: number; info: { user_cost: number }; traj: { usage?: object }[] }[]>(tauBench!)
  ).flat();
  expect(runs.flatMap(({ traj }) => traj).filter(({ usage }) => usage)).toEqual([]);
  await run(tauBench!, "travel");
  expect(
    await ask("select count(tokens_in) + count(tokens_out) + count(cost_usd) as known, count(*) as n from spans")
  ).toEqual([{ known: 0, n: expect.any(Number) }]);
  expect(
    await ask("select round(sum(json_extract(detail, '$.user_cost')::double) * 1e6) as users_cost from scores")
  ).toEqual([{ users_cost: Math.round(runs.reduce((sum, { info }) => sum + info.user_cost, 0) * 1e6) }]);
});

const adk = sharedData("otlp-adk");
test.skipIf(!adk)("tokens of OTLP documents are those of each call once", async () => {
  for (const name of ["adk_py_v1_default_S1", "adk_py_v1_default_S2"]) {
    const { tokens } = JSON.parse(await readFile(`${adk}/${name}.truth.json`, "utf8"));
    await run(`${adk}/${name}.json`);
    expect(await ask("select sum(tokens_in) as input, sum(tokens_out) as output from traces")).toEqual(
      name.endsWith("S1") ? [tokens] : [{ input: 12 + tokens.input, output: 9 + tokens.output }]
    );
  }
});

test.skipIf(!adk)("OTLP documents give their spans", async () => {
  const summary = await run(adk!);
  expect(summary.files.map(({ name, format, spans }) => [name, format, spans])).toEqual([
    ["adk_py_v1_default_S1.json", "otlp", 4],
    ["adk_py_v1_default_S1.truth.json", null, 0],
    ["adk_py_v1_default_S2.json", "otlp", 10],
    ["adk_py_v1_default_S2.truth.json", null, 0],
    ["opentelemetry-proto_trace.json", "otlp", 1]
  ]);
});

test("a run becomes a root, a span per answer and a span per tool call with its result", async () => {
  await writeFile(`${folder}/runs.json`, JSON.stringify([tauRun(1, 1), tauRun(2, 0)]));
  expect(await run(folder)).toMatchObject({ traces: 2, spans: 8, toolCalls: 2, scores: 2, rejected: 0 });
  expect(await ask("select kind, count(*) as n from spans group by kind order by kind")).toEqual([
    { kind: "agent", n: 2 },
    { kind: "llm", n: 4 },
    { kind: "tool", n: 2 }
  ]);
  expect(await ask("select distinct tool_args, tool_result from spans where kind = 'tool'")).toEqual([
    { tool_args: '{"id":7}', tool_result: '{"status":"shipped"}' }
  ]);
  expect(await ask("select input, output from traces order by input limit 1")).toEqual([
    { input: "please change order 1", output: "It has been shipped." }
  ]);
});

test("one bad run is rejected with its reason and the others are kept", async () => {
  await writeFile(
    `${folder}/runs.json`,
    JSON.stringify([
      tauRun(1, 1),
      { task_id: 9, traj: [] },
      { traj: [null, 3, { role: "alien" }] },
      { other: 1 },
      tauRun(2, 0)
    ])
  );
  const summary = await run(`${folder}/runs.json`);
  expect(summary).toMatchObject({ traces: 2, rejected: 3 });
  expect(summary.reasons[0]).toMatch(/runs\.json: the run of task 9 holds no messages/);
});

test.each(["plain", "gzip"])(
  "a half-written %s file gives what was complete and says where it breaks",
  async (form) => {
    const text = JSON.stringify([tauRun(1, 1), tauRun(2, 1), tauRun(3, 1)]);
    if (form === "plain") await writeFile(`${folder}/runs.json`, text.slice(0, -40));
    else await writeFile(`${folder}/runs.json.gz`, gzipSync(text).subarray(0, -12));
    const summary = await run(folder);
    expect(summary.traces).toBeGreaterThanOrEqual(form === "plain" ? 2 : 0);
    expect(summary.reasons.join("\n")).toMatch(/breaks off|cannot be read to its end/);
    await rm(`${folder}/runs.json.gz`, { force: true });
    await writeFile(`${folder}/runs.json`, text);
    await run(folder);
    expect(await ask("select count(*) as n, count(distinct trace_id) as d from traces")).toEqual([{ n: 3, d: 3 }]);
  }
);

test("an OTLP span with a bad id is rejected and its neighbours are kept", async () => {
  const span = (spanId: string) => ({
    traceId: "4BF92F3577B34DA6A3CE929D0E0E4736",
    spanId,
    name: "chat m",
    startTimeUnixNano: "1700000000000000000",
    endTimeUnixNano: 1600000000000000000,
    attributes: [{ key: "gen_ai.usage.input_tokens", value: { intValue: "12" } }]
  });
  await writeFile(
    `${folder}/spans.jsonl`,
    `${JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span("0000000000000000"), span("00f067aa0ba902b7")] }] }] })}\n${JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span("xyz"), span("00F067AA0BA902B8")] }] }] })}\n`
  );
  expect(await run(folder)).toMatchObject({ traces: 1, spans: 2, rejected: 2 });
  expect(await ask("select trace_id, tokens_in, duration_ms from traces")).toEqual([
    { trace_id: "4bf92f3577b34da6a3ce929d0e0e4736", tokens_in: 24, duration_ms: 0 }
  ]);
});

test("what is not there, and what can be no unit, is said in a sentence", async () => {
  await expect(run(`${folder}/nothing.json`)).rejects.toMatchObject({
    code: "missing",
    message: expect.stringMatching(/no such file/)
  });
  await expect(run(folder, "No Unit")).rejects.toMatchObject({ code: "invalid" });
});

test("rows of CSV come in by a mapping once, however often; what is no row and what no column holds is said", async () => {
  const path = `${folder}/chats.csv`;
  const row = (index: number) => `c${index},Where is order ${index}?,On its way,${1 + (index % 5)},mail`;
  await writeFile(
    path,
    `conversation,question,answer,rating,channel\n${Array.from({ length: 50 }, (_, i) => row(i)).join("\n")}\n`
  );
  const mapping = ["trace_id=conversation", "input=question", "output=answer", "score:helpful=rating[1..5]"].map(
    parseColumnUse
  );
  const again = () => run(path, "support", mapping);
  const summary = await again();
  expect(summary).toMatchObject({
    traces: 50,
    spansAdded: 50,
    scores: 50,
    rejected: 0,
    files: [{ format: "columns" }]
  });
  expect(summary.losses).toContainEqual({ field: "channel", fate: "attribute", count: 50 });
  expect(await ask("select agent, count(*) as n, min(input) as first from traces group by agent")).toEqual([
    { agent: "chats", n: 50, first: "Where is order 0?" }
  ]);
  expect(await ask("select avg(value) as mean from scores where scorer = 'helpful'")).toEqual([{ mean: 0.5 }]);
  expect(await again()).toMatchObject({ spansAdded: 0, spansReplaced: 0, spansUnchanged: 50 });
});
