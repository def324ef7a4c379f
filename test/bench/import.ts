import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { systemClock } from "#lib/server/clock.ts";
import { localFiles } from "#lib/server/source-files.ts";
import { importTraces } from "#lib/work/import-traces.ts";
import { writeSample } from "#lib/work/write-sample.ts";
import { openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import type { Bench } from "./row.ts";

const runs = 2000;
const scope = scopeOf(["compliance", "legal", "support", "wealth"]);

/** A tau-bench list of conversations of about thirty messages. */
function formatRuns(): string {
  const text = "The reservation can be changed once the traveller has confirmed the new dates and the fare. ".repeat(4);
  const list = Array.from({ length: runs }, (_, task) => ({
    task_id: task,
    trial: 0,
    reward: task % 2,
    info: {},
    traj: [
      { role: "system", content: text },
      ...Array.from({ length: 7 }, (_unused, turn) => [
        { role: "user", content: `${task}.${turn} ${text}` },
        {
          role: "assistant",
          content: null,
          tool_calls: [
            {
              id: `call_${task}_${turn}`,
              type: "function",
              function: { name: "find_fare", arguments: `{"task":${task}}` }
            }
          ]
        },
        {
          role: "tool",
          tool_call_id: `call_${task}_${turn}`,
          name: "find_fare",
          content: `{"fare":${turn},"text":"${text}"}`
        },
        { role: "assistant", content: text }
      ]).flat()
    ]
  }));
  return JSON.stringify(list);
}

async function measureImport() {
  const folder = await mkdtemp(`${tmpdir()}/tracebook-bench-`);
  const fixture = await openLakeFixture();
  try {
    const path = `${folder}/runs.json`;
    await writeFile(path, formatRuns());
    const bareFrom = performance.now();
    JSON.parse(await readFile(path, "utf8"));
    const bareSeconds = (performance.now() - bareFrom) / 1000;
    const from = performance.now();
    const summary = await importTraces(
      { lake: fixture.lake, annotations: fixture.state.annotations, sources: localFiles, clock: systemClock },
      scope,
      { path, businessUnit: "support", format: null, environment: null },
      () => undefined,
      new AbortController().signal
    );
    const seconds = (performance.now() - from) / 1000;
    const value = summary.spans / seconds;
    const rival = summary.spans / bareSeconds;
    return [
      {
        name: "import of recorded runs into the lake",
        value,
        unit: "spans/s",
        against: "bare JSON.parse of the same file",
        rival,
        ratio: value / rival,
        target: ">= 3,000 spans/s",
        met: value >= 3000
      }
    ];
  } finally {
    await fixture.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureSample() {
  const fixture = await openLakeFixture();
  try {
    const from = performance.now();
    await writeSample(fixture, scope, { endMs: Date.UTC(2026, 5, 30) }, () => undefined, new AbortController().signal);
    const value = (performance.now() - from) / 1000;
    return [
      {
        name: "sample lake of 4,000 traces",
        value,
        unit: "s",
        against: "its budget",
        rival: null,
        ratio: value / 20,
        target: "<= 20 s",
        met: value <= 20
      }
    ];
  } finally {
    await fixture.close();
  }
}

/** How fast traces come in from files, and how long the sample takes. */
export const benches: readonly Bench[] = [
  { name: "import", run: measureImport },
  { name: "sample", run: measureSample }
];
