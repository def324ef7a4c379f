import { afterAll, beforeAll, expect, test } from "vitest";
import type { Compiler } from "#lib/ports/compiler.ts";
import type { MapBuilder } from "#lib/ports/map-builder.ts";
import type { Sandbox } from "#lib/ports/sandbox.ts";
import { systemClock } from "#lib/server/clock.ts";
import { openCompiler } from "#lib/server/compiler.ts";
import { openMapBuilder } from "#lib/server/map/builder.ts";
import { openSandbox } from "#lib/server/sandbox/sandbox.ts";
import { localFiles } from "#lib/server/source-files.ts";
import { importTraces } from "#lib/work/import-traces.ts";
import { runWorkbookFile } from "#lib/work/run-workbook-file.ts";
import { sharedData } from "../shared-data.ts";
import { openDesk, scope } from "./desk-fixture.ts";

let bench: Awaited<ReturnType<typeof openDesk>>;
let real: { compiler: Compiler; sandbox: Sandbox; maps: MapBuilder };
const never = new AbortController().signal;

beforeAll(async () => {
  real = { compiler: await openCompiler(), sandbox: await openSandbox(), maps: await openMapBuilder() };
  bench = await openDesk({}, real);
});
afterAll(async () => {
  await bench.close();
  await Promise.all([real.compiler.close(), real.sandbox.close(), real.maps.close()]);
});

const text = (threshold: number) => `---
title: Was it granted?
params: { least: { type: number, default: ${threshold} } }
---
Every request *should* be granted.

\`\`\`ts scorer granted
import { fail, pass, scorer, unscored } from "tracebook";
export default scorer({
  target: "trace",
  score: (trace) => {
    if (trace.output === null) return unscored("no answer");
    if (trace.output.includes("boom")) throw new Error("boom");
    return trace.output.includes("granted") ? pass() : fail("the answer is " + trace.output.slice(0, 40));
  }
});
\`\`\`

\`\`\`yaml score verdicts
scorer: granted
\`\`\`

\`\`\`yaml map topics
text: input
neighbours: 5
\`\`\`

\`\`\`js chart by_day
Plot.plot({ marks: [Plot.barY(verdicts, Plot.groupX({ y: "mean" }, { x: "date", y: "value" }))] })
\`\`\`

\`\`\`sql check enough
select 'granted' as name, avg(value) as value, $least::double as threshold, avg(value) >= $least::double as pass,
  count(value) as n from verdicts
\`\`\`
`;

test("a workbook runs from question to report through the real engine, sandbox and map", async () => {
  const doors = { desk: bench.desk, runs: bench.state.runs, workbooks: bench.state.workbooks };
  const file = { kind: "file", path: "granted.md", text: text(0.7) } as const;
  const green = await runWorkbookFile(doors, scope, file, {}, () => undefined, never);
  const faults = green.run.cells.flatMap(({ key, state }) =>
    state.state === "failed" ? [`${key}: ${state.fault.message}`] : []
  );
  expect(faults).toEqual([]);
  expect(green.exitCode).toBe(0);
  expect(green.run.checks).toMatchObject([{ name: "granted", value: 0.75, n: 40, pass: true }]);
  expect(green.report!.match(/<svg/g)!.length).toBe(2);
  expect(green.report).toContain("75 % [60, 86] n = 40");
  const red = await runWorkbookFile(doors, scope, { ...file, text: text(0.8) }, {}, () => undefined, never);
  expect(red.exitCode).toBe(1);
  const map = (run: typeof green.run) => run.cells.find(({ key }) => key === "topics")!.state;
  expect(map(red.run)).toMatchObject({ result: { points: 40 } });
}, 120_000);

const tau2 = sharedData("tau2-gpt41");
test.skipIf(!tau2)(
  "real chat runs are scored, mapped and compared with their environment's verdict",
  async () => {
    await importTraces(
      { lake: bench.lake, annotations: bench.state.annotations, sources: localFiles, clock: systemClock },
      { ...scope, roles: ["admin"] },
      { path: tau2!, businessUnit: "support", format: null, environment: null },
      () => undefined,
      never
    );
    const doors = { desk: bench.desk, runs: bench.state.runs, workbooks: bench.state.workbooks };
    const real = `\`\`\`sql runs_of_tau2
select * from traces where trace_id in (select trace_id from scores where source = 'environment')
\`\`\`

\`\`\`ts scorer called_a_tool
import { fail, pass, scorer } from "tracebook";
export default scorer({ target: "trace", score: (trace) => (trace.tools.length > 0 ? pass() : fail("no tool call")) });
\`\`\`

\`\`\`yaml score tools_used
traces: runs_of_tau2
scorer: called_a_tool
\`\`\`

\`\`\`yaml map topics
traces: runs_of_tau2
text: conversation
\`\`\`

\`\`\`sql check hold
select 'tools are used' as name, avg(value) as value, 0.5 as threshold, avg(value) >= 0.5 as pass, count(value) as n from tools_used
union all
select 'the environment has spoken', count(*), 140, count(*) = 140, count(*) from scores where source = 'environment'
\`\`\`
`;
    const done = await runWorkbookFile(
      doors,
      scope,
      { kind: "file", path: "tau2.md", text: real },
      {},
      () => undefined,
      never
    );
    const faults = done.run.cells.flatMap(({ key, state }) =>
      state.state === "failed" ? [`${key}: ${state.fault.message}`] : []
    );
    expect(faults).toEqual([]);
    expect(done.run.checks.map(({ n, pass }) => [n, pass])).toEqual([
      [140, true],
      [140, true]
    ]);
    expect(done.run.cells.find(({ key }) => key === "topics")!.state).toMatchObject({ result: { points: 140 } });
  },
  120_000
);
