import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseConfig } from "#lib/server/config.ts";
import { openWorkbench, type Workbench } from "#lib/server/workbench.ts";
import { makeSpan } from "../spans.ts";
import type { Bench, BenchRow } from "./row.ts";

const [perSecond, seconds, spansPerTrace] = [200, Number(process.env.BENCH_SECONDS ?? 20), 8];
const scope = { userId: "owner", roles: ["admin"], businessUnits: ["support"] } as const;
const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** A trace is taken as complete when it has been quiet for so long, and is looked for so often. */
const leastMs = 2_000;

const source = `import { scorer, pass, fail } from "tracebook";
export default scorer({ target: "trace", score: (trace) => trace.spans.some((span) => span.status === "error") ? fail("a step failed") : pass() });`;

const text = "The customer asked for a refund of order 4711 and the agent looked up the rule for it. ".repeat(9);

/** Traces that begin now, whole. */
function makeTraces(from: number, count: number) {
  const startNs = BigInt(Date.now()) * 1_000_000n;
  return Array.from({ length: count }, (_, at) => `t${from + at}`).flatMap((traceId) =>
    Array.from({ length: spansPerTrace }, (_, step) =>
      makeSpan({
        ...{ traceId, spanId: `${traceId}-${step}`, parentSpanId: step === 0 ? null : `${traceId}-0` },
        ...{ startNs, endNs: startNs + 1_000_000n, outputText: text }
      })
    )
  );
}

async function makeRule({ promotedScorers, scoringRules }: Workbench["scorerPages"], snapshotId: number) {
  const { scorerId } = await promotedScorers.promote(
    scope,
    {
      ...{ name: "no_error", businessUnits: ["support"], kind: "code", text: source, options: {} },
      ...{ scorerVersion: "bench", origin: null, evidence: null, note: "" }
    },
    null
  );
  return scoringRules.create(scope, {
    ...{ scorerId, version: null, businessUnits: ["support"], predicate: "spans > 1", rate: 1, fromMs: null },
    ...{ dailyCapUsd: null, snapshotId, scoresOlder: false }
  });
}

/** Half a second of traces, twice a second, beside the flushes that a server makes. */
async function send({ lake }: Workbench): Promise<void> {
  const began = performance.now();
  for (let batch = 0; batch < seconds * 2; batch++) {
    await lake.append(scope, { spans: makeTraces((batch * perSecond) / 2, perSecond / 2), scores: [] });
    if (batch % 20 === 19) await lake.flush();
    await pause(Math.max(0, began + (batch + 1) * 500 - performance.now()));
  }
}

async function readLags({ lake }: Workbench): Promise<readonly number[]> {
  const kernel = await lake.openKernel(scope);
  try {
    const rows = await kernel.rows(
      `select epoch_ms(min(s.scored_at)) - epoch_ms(max(p.ingested_at)) as lag from scores s
       join (select trace_id, max(ingested_at) as ingested_at from spans group by trace_id) p on p.trace_id = s.trace_id
       group by s.trace_id order by lag`,
      {},
      1_000_000
    );
    return rows.map((row) => Number(row["lag"]));
  } finally {
    await kernel.close();
  }
}

async function measure(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(`${tmpdir()}/tracebook-bench-`);
  const workbench = await openWorkbench(parseConfig({ TRACEBOOK_DATA: folder }, root), root);
  const background = await workbench.startBackground();
  try {
    const { snapshotId } = await workbench.lake.append(scope, { spans: makeTraces(1e6, 1), scores: [] });
    await makeRule(workbench.scorerPages, snapshotId);
    const traces = perSecond * seconds;
    const cpuFrom = process.cpuUsage();
    await send(workbench);
    let lags: readonly number[] = [];
    for (let look = 0; look < 60 && lags.length < traces; look++) {
      await pause(1000);
      lags = await readLags(workbench);
    }
    const { user, system } = process.cpuUsage(cpuFrom);
    if (lags.length !== traces) throw new Error(`${lags.length} of ${traces} traces were scored`);
    const at = (share: number) => lags[Math.min(lags.length - 1, Math.floor(lags.length * share))]!;
    const row = (name: string, value: number): BenchRow => ({
      ...{ name: `online scoring, ${perSecond} traces/s: ${name}`, value, unit: "ms" },
      ...{ against: `${leastMs} ms of quiet that a trace has to keep`, ratio: value / leastMs },
      ...{ target: "<= 5,000 ms", met: value <= 5_000 }
    });
    const cpu = (user + system) / 1000 / traces;
    return [
      row("median from arrival to score", at(0.5)),
      row("95 % from arrival to score", at(0.95)),
      row("longest from arrival to score", at(1)),
      {
        ...{ name: "online scoring: processor time of the server for a trace, taken in and scored", value: cpu },
        ...{ unit: "ms", against: "5 ms, one core at that rate", ratio: cpu / 5, target: "<= 5 ms", met: cpu <= 5 }
      }
    ];
  } finally {
    await background.stop();
    await workbench.close();
    await rm(folder, { recursive: true, force: true });
  }
}

export const benches: readonly Bench[] = [{ name: "online", subject: "scorers", run: measure }];
