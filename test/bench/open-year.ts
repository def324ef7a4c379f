import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Annotations } from "#lib/ports/annotations.ts";
import { TraceBrowser } from "#lib/work/trace-browser.ts";
import { makeSpan } from "../spans.ts";
import { benchUnits, openBenchLake, quantile } from "./lake.ts";
import type { Bench, BenchRow } from "./row.ts";

const lakeSpans = Number(process.env.BENCH_SPANS ?? 1_000_000);
const days = 365;
const rounds = 40;
const scope = { userId: "bench", roles: ["admin"] as const, businessUnits: [...benchUnits] };
const noAnnotations = { list: async () => [] } as unknown as Annotations;

/** Id of a trace that the generator made, or of none. */
const idOf = (trace: number): string => createHash("md5").update(String(trace)).digest("hex");

interface Cost {
  readonly wallMs: number[];
  readonly cpuMs: number[];
}

const costs = (): Cost => ({ wallMs: [], cpuMs: [] });

/** What it costs this process, with the threads of the engine. */
async function measure(cost: Cost, work: () => Promise<unknown>): Promise<void> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  cost.wallMs.push(performance.now() - start);
  cost.cpuMs.push((user + system) / 1000);
}

async function run(): Promise<readonly BenchRow[]> {
  const bench = await openBenchLake(lakeSpans, days);
  const browser = new TraceBrowser({
    lake: bench.lake,
    annotations: noAnnotations,
    people: { namesOf: async () => new Map() }
  });
  const [opened, missed, moved, all] = [costs(), costs(), costs(), costs()];
  const traces = Math.floor(lakeSpans / 10);
  const chosen = (round: number) => idOf(Math.floor(((round + 0.5) / rounds) * traces));
  const open = (id: string) => browser.open(scope, id).catch(() => undefined);
  try {
    const files = (await bench.paths("first_parts")).length;
    // What is in the files is learned beside the first questions.
    await open(idOf(1));
    await pause(20_000);
    for (let round = 0; round < rounds; round += 1) {
      await measure(opened, () => open(chosen(round)));
      await measure(missed, () => open(idOf(traces + round)));
      if (round % 4 > 0) continue;
      await measure(all, () =>
        browser.use(scope, (kernel) =>
          kernel.rows("select * from traces where trace_id = $id", { id: chosen(round) }, 2)
        )
      );
      // Whatever comes in, a kernel is opened anew.
      await bench.lake.append(scope, {
        spans: [makeSpan({ traceId: `fresh${round}`, spanId: "a", businessUnit: "unit-1" })],
        scores: []
      });
      await measure(moved, () => open(chosen(round)));
    }
    const size = `among ${files.toLocaleString("en-US")} files of ${(lakeSpans / 1e6).toLocaleString("en-US")} M spans`;
    const row = (name: string, cost: Cost, target: number): BenchRow => {
      const [value, p95, rival] = [quantile(cost.cpuMs, 0.5), quantile(cost.wallMs, 0.95), quantile(all.cpuMs, 0.5)];
      return {
        ...{ name: `${name} ${size}, CPU time (wall p95 ${p95.toFixed(0)} ms)`, value, unit: "ms" },
        ...{ against: "looking for its id in all files", rival, ratio: value / rival, target: `<= ${target} ms` },
        met: value <= target
      };
    };
    return [
      row("open one trace", opened, 50),
      row("say that there is no such trace", missed, 50),
      row("open one trace just after something came in", moved, 150)
    ];
  } finally {
    await browser.close();
    await bench.close();
  }
}

/** Opening one trace in a lake of many days. */
export const benches: readonly Bench[] = [{ name: "open-year", subject: "ingest", run }];
