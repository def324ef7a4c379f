import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "#lib/server/clock.ts";
import { localFiles } from "#lib/server/source-files.ts";
import { importTraces } from "#lib/work/import-traces.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { sharedData } from "../shared-data.ts";

let fixture: LakeFixture;
let folder: string;
const admin = scopeOf(["support"]);

beforeEach(async () => {
  fixture = await openLakeFixture();
  folder = await mkdtemp(`${tmpdir()}/tracebook-import-`);
});
afterEach(async () => {
  await fixture.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (path: string, businessUnit = "support") =>
  importTraces(
    { lake: fixture.lake, annotations: fixture.state.annotations, sources: localFiles, clock: systemClock },
    admin,
    { path, businessUnit, format: null, environment: null },
    () => undefined,
    new AbortController().signal
  );

async function write(name: string, value: unknown): Promise<string> {
  await writeFile(`${folder}/${name}`, JSON.stringify(value));
  return `${folder}/${name}`;
}

const said = async () =>
  (await fixture.state.annotations.list(admin)).map(({ label, note, spanId, userId, source, version }) => ({
    label,
    note,
    isOfSpan: spanId !== null,
    userId,
    source,
    version
  }));

async function kindOf(label: string): Promise<unknown> {
  const annotation = (await fixture.state.annotations.list(admin)).find((found) => found.label === label);
  const kernel = await fixture.lake.openKernel(admin);
  try {
    const [row] = await kernel.rows(
      "select kind, name from spans where span_id = $span",
      { span: annotation?.spanId ?? "" },
      1
    );
    return row;
  } finally {
    await kernel.close();
  }
}

const traj = [
  { role: "system", content: "Be kind." },
  { role: "user", content: "where is my order?" },
  {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "c1", type: "function", function: { name: "get_order", arguments: "{}" } }]
  },
  { role: "tool", content: "shipped", tool_call_id: "c1" },
  { role: "assistant", content: "It is lost." },
  { role: "user", content: "no!" }
];
const runs = [{ task_id: 7, trial: 0, reward: 0, info: {}, traj, records: {} }];
const failure = (step: number, failure_category: string) => ({
  failure_id: step,
  step_number: step,
  step_reason: `at ${step}`,
  failure_category,
  failed_agent: "Assistant"
});
const truth = (...failures: readonly object[]) => [
  { trajectory_id: 7, failures, root_cause: { failure_id: 5, reason_for_root_cause: "it guessed" } }
];

test("labels that come before their runs wait for them, and find the span of their step", async () => {
  const labels = await write("labels.json", truth(failure(2, "user"), failure(4, "tool"), failure(5, "answer")));
  expect(await run(labels)).toMatchObject({ annotations: 0, judgementsWaiting: 3, rejected: 0 });
  // A run of the same name in another unit is another run.
  await run(await write("runs.json", runs), "travel");
  expect(await said()).toEqual([]);
  expect(await run(await write("runs.json", runs))).toMatchObject({ annotationsAdded: 3, judgementsWaiting: 0 });
  expect(await said()).toHaveLength(3);
  expect(await said()).toContainEqual({
    label: "answer",
    note: "at 5\n\nRoot cause: it guessed\n\nFailed: Assistant",
    isOfSpan: true,
    userId: "imported",
    source: "agentrx",
    version: 1
  });
  expect(await kindOf("user")).toMatchObject({ kind: "llm" });
  expect(await kindOf("tool")).toMatchObject({ kind: "tool", name: "execute_tool get_order" });
  expect(await kindOf("answer")).toMatchObject({ kind: "llm" });
});

test("labels that come with or after their runs are added once, and follow their file until a person changes them", async () => {
  await write("runs.json", runs);
  const labels = await write("labels.json", truth(failure(6, "goodbye"), failure(99, "nowhere")));
  expect(await run(folder)).toMatchObject({ annotations: 2, annotationsAdded: 2 });
  expect(await kindOf("goodbye")).toMatchObject({ kind: "agent" });
  expect((await said()).find(({ label }) => label === "nowhere")).toMatchObject({ isOfSpan: false });
  expect(await run(labels)).toMatchObject({ annotations: 2, annotationsAdded: 0, annotationsChanged: 0 });
  await write("labels.json", truth(failure(6, "farewell")));
  expect(await run(labels)).toMatchObject({ annotationsAdded: 0, annotationsChanged: 1 });
  const annotation = (await fixture.state.annotations.list(admin)).find(({ label }) => label === "farewell")!;
  await fixture.state.annotations.append(admin, [{ ...annotation, label: "fine", userId: "tester", source: null }]);
  expect(await run(labels)).toMatchObject({ annotationsAdded: 0, annotationsChanged: 0 });
  expect((await said()).map(({ label, version }) => [label, version])).toContainEqual(["fine", 3]);
});

test("labels that fit two runs are put on neither, and say so", async () => {
  await run(await write("runs.json", [...runs, { ...runs[0], traj: traj.slice(0, 3) }]));
  const summary = await run(await write("labels.json", truth(failure(2, "user"), { step_number: 3 })));
  expect(summary).toMatchObject({ annotations: 0, judgementsWaiting: 1 });
  expect(summary.reasons).toEqual([
    expect.stringMatching(/failure 2 of run 7 has no failure_category/),
    '2 traces of agentrx are called "7": what was said of it waits'
  ]);
});

test("what names a span alone finds its trace, also when the span comes later", async () => {
  const spanId = "b7ad6b7169203331";
  const runId = "1b64098b-4ab7-43f6-afee-992304f198d8";
  const given = { span_id: spanId, name: "tone", annotator_kind: "HUMAN", result: { label: "rude" } };
  const feedback = { id: "f1", run_id: runId, key: "correct", score: 1, feedback_source: { type: "app" } };
  const program = { ...given, name: "length", annotator_kind: "CODE", result: { score: 0.5 } };
  await write("said.json", [given, program, feedback]);
  expect(await run(folder)).toMatchObject({ annotations: 0, scores: 0, judgementsWaiting: 3, rejected: 0 });
  const start = "2026-11-20T09:00:00Z";
  const span = { context: { trace_id: "a".repeat(32), span_id: spanId }, start_time: start, attributes: {}, name: "x" };
  const chain = { id: runId, trace_id: runId, name: "ask", run_type: "chain", start_time: start };
  await write("spans.json", [span, chain]);
  expect(await run(folder)).toMatchObject({ annotationsAdded: 2, scores: 1, judgementsWaiting: 0, rejected: 0 });
  expect((await said()).map(({ label, isOfSpan }) => [label, isOfSpan]).sort()).toEqual([
    ["correct: 1", false],
    ["tone: rude", true]
  ]);
  const kernel = await fixture.lake.openKernel(admin);
  const scores = await kernel.rows(`select span_id, value, "date"::varchar as day from scores`, {}, 10);
  await kernel.close();
  expect(scores).toEqual([{ span_id: spanId, value: 0.5, day: "2026-11-20" }]);
});

const agentRx = sharedData("agentrx-tau-retail");
test.skipIf(!agentRx)(
  "the labels of AgentRx come onto the steps they name, whichever file comes first",
  async () => {
    expect(await run(`${agentRx}/tau_ground_truth.json`)).toMatchObject({ annotations: 0, judgementsWaiting: 39 });
    const summary = await run(`${agentRx}/tau_dataset_failed.json.gz`);
    expect(summary).toMatchObject({ annotations: 39, annotationsAdded: 39, judgementsWaiting: 0, rejected: 0 });
    expect((await said()).filter(({ isOfSpan }) => !isOfSpan)).toEqual([]);
    const counts = Map.groupBy(await said(), ({ label }) => label);
    expect([...counts].map(([label, found]) => [label, found.length]).sort()).toEqual([
      ["Instruction Adherence Failure", 6],
      ["Intent Not Supported", 2],
      ["Intent Plan Misalignment", 8],
      ["Invalid Invocation", 4],
      ["Misinterpretation of Tool Output", 8],
      ["System Failure", 1],
      ["Underspecified User Intent", 10]
    ]);
  },
  60_000
);
