import { afterAll, beforeAll, expect, test } from "vitest";
import { reportOfRun } from "#lib/work/report-of-run.ts";
import { byHand, collect, lastStates, openDesk, scope } from "./desk-fixture.ts";

let bench: Awaited<ReturnType<typeof openDesk>>;
beforeAll(async () => {
  bench = await openDesk();
});
afterAll(() => bench.close());

async function runMap(yaml: string, params = "") {
  const text = `${params}\`\`\`sql few\nselect trace_id, output as answer from traces limit 12\n\`\`\`\n\n\`\`\`yaml map m\n${yaml}\n\`\`\`\n`;
  const request = { text, cells: "all", params: {} } as const;
  return collect(bench.desk.run(scope, "maps", request, byHand, new AbortController().signal));
}

test.each([
  "traces: few\ntext: input",
  "traces: few\ntext: answer",
  "traces: few\ntext: upper(answer) || ' ' || trace_id",
  "text: conversation\nlimit: 12",
  "limit: 12\nseed: 5"
])("a map of %j has the twelve points that were asked for, or says why not", async (yaml) => {
  const state = lastStates(await runMap(yaml)).get("m")!;
  if (yaml.includes("conversation")) {
    expect(state).toMatchObject({ state: "failed", fault: { message: expect.stringContaining("no traces to map") } });
  } else {
    expect(state).toMatchObject({ state: "done", result: { points: 12, seed: yaml.includes("seed") ? 5 : 1 } });
  }
});

test("a map's text may read a parameter, and one that is no SQL is refused", async () => {
  const front = "---\nparams: { word: { type: text, default: refund } }\n---\n";
  const states = lastStates(await runMap("traces: few\ntext: answer || $word", front));
  expect(states.get("m")).toMatchObject({ state: "done" });
  const wrong = lastStates(await runMap("traces: few\ntext: answer ("));
  expect(wrong.get("m")).toMatchObject({
    state: "failed",
    fault: { message: expect.stringContaining("no SQL expression") }
  });
  const absent = lastStates(await runMap("traces: nowhere"));
  expect(absent.get("m")).toMatchObject({ fault: { message: expect.stringContaining("which no cell defines") } });
});

test("traces without a text are counted beside the map", async () => {
  const half = lastStates(await runMap("traces: few\ntext: case when row_number() over () > 9 then answer end")).get(
    "m"
  );
  expect(half).toMatchObject({ state: "done", notes: [expect.stringMatching(/^9 of 12 traces have no text/)] });
  const none = lastStates(await runMap("traces: few\ntext: \"' '\"")).get("m");
  expect(none).toMatchObject({ state: "done", notes: [expect.stringMatching(/empty for all 12/)] });
});

test("the report of a run comes in three forms, and an unknown run has none", async () => {
  const [started] = await runMap("traces: few");
  const { runId } = started as { runId: string };
  expect((await reportOfRun(bench.state, scope, runId, "html")).text).toMatch(/^<!doctype html>/);
  expect((await reportOfRun(bench.state, scope, runId, "json")).contentType).toContain("json");
  expect((await reportOfRun(bench.state, scope, runId, "junit")).text).toContain("<testsuite");
  await expect(reportOfRun(bench.state, scope, "nothing", "html")).rejects.toMatchObject({ code: "missing" });
});
