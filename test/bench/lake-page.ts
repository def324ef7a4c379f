import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readExport } from "#lib/formats/otlp-export.ts";
import { paths } from "#lib/wire/paths.ts";
import { allTraces, formatTraceFilter, type TraceFilter } from "#lib/wire/trace-filter.ts";
import { formatLargeTrace, largeTraceId } from "../page/large-trace.ts";
import { startServer } from "../server/intake/crash-process.ts";
import { benchUnits, quantile, writeBenchLake } from "./lake.ts";
import type { Bench, BenchRow } from "./row.ts";

/** Sizes of the lakes, in spans. */
const sizes = (process.env.BENCH_LAKE_SPANS ?? "1000000,10000000").split(",").map(Number);

/** Lakes are kept here between runs; ten million spans take minutes to write. */
const kept = process.env.BENCH_LAKES ?? `${tmpdir()}/tracebook-bench-lakes`;

/** Raised where the generated lakes change. */
const version = 1;

const rounds = Number(process.env.BENCH_ROUNDS ?? 30);
const restSeconds = 20;
const largeSpans = 25_000;
const main = fileURLToPath(new URL("../../app/_cli/main.ts", import.meta.url));

/** Data folder with a generated lake and one trace of 25,000 spans, written where it is not there yet. */
async function prepareLake(spans: number): Promise<string> {
  const root = `${kept}/v${version}-${spans}`;
  if (existsSync(`${root}/whole`)) return root;
  console.error(`writing a lake of ${spans} spans to ${root} …`);
  await rm(root, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  const large = new TextEncoder().encode(formatLargeTrace(largeSpans));
  const context = { businessUnit: benchUnits[0], environment: null, nowMs: Date.now() };
  await writeBenchLake(root, spans, readExport("traces", "json", large, context).spans);
  await writeFile(`${root}/whole`, "");
  return root;
}

/** Filters that people set while they look around; each asks for the newest 50. */
function filtersOf(round: number): Partial<TraceFilter> {
  const day = Date.UTC(2026, 0, 1 + (round % 28));
  const choices: readonly Partial<TraceFilter>[] = [
    { units: [benchUnits[round % benchUnits.length]!] },
    { statuses: ["error"] },
    { agents: [`agent-${round % 7}`] },
    { tools: ["search"], fromMs: day, toMs: day + 86_400_000 },
    { models: ["model-1"], statuses: ["error"] },
    { durations: [], fromMs: day }
  ];
  return choices[round % choices.length]!;
}

/** Asks one question again and again, after a first time that is not counted. @returns times in ms */
async function time(url: string, pathOf: (round: number) => string): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const from = performance.now();
    const answer = await fetch(`${url}${pathOf(round)}`);
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${pathOf(round)} was answered ${answer.status}: ${text.slice(0, 300)}`);
    if (round > 0) times.push(performance.now() - from);
  }
  return times;
}

const list = (filter: Partial<TraceFilter>) => `${paths.traces()}?${formatTraceFilter({ ...allTraces, ...filter })}`;

/** A word that three traces hold, by its place in the generated texts, and one that all hold. */
const month = { fromMs: Date.UTC(2026, 0, 1), toMs: Date.UTC(2026, 1, 1) };
const searches: readonly (readonly [string, (round: number) => string])[] = [
  ["a number that one trace holds", (round) => String(1000 + round * 17)],
  ["a word that every trace holds and a number", (round) => `refund ${2000 + round * 13}`],
  ["a word that every trace holds", () => "refund"],
  ["a word that no trace holds", (round) => `zebra${round}`]
];

function latencyRows(name: string, times: readonly number[], targetMs: number): readonly BenchRow[] {
  return [0.5, 0.95].map((share) => {
    const value = quantile(times, share);
    return {
      name: `${name}, p${share * 100}`,
      value,
      unit: "ms",
      against: "the target",
      rival: null,
      ratio: value / targetMs,
      target: `<= ${targetMs} ms`,
      met: value <= targetMs
    };
  });
}

/** Memory of a process, in bytes, and the processor time it has used, in seconds. */
async function readProcess(pid: number) {
  const [status, stat] = await Promise.all([
    readFile(`/proc/${pid}/status`, "utf8"),
    readFile(`/proc/${pid}/stat`, "utf8")
  ]);
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * 1024;
  // The fields after the name in brackets, which may hold spaces; ticks of a hundredth of a second.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    restBytes: bytes("VmRSS"),
    peakBytes: bytes("VmHWM"),
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100
  };
}

const memoryRow = (name: string, bytes: number): BenchRow => ({
  name,
  value: bytes / 2 ** 20,
  unit: "MiB",
  against: "the target",
  rival: null,
  ratio: bytes / 2 ** 30,
  target: "< 1,024 MiB",
  met: bytes < 2 ** 30
});

async function measure(spans: number): Promise<readonly BenchRow[]> {
  const root = await prepareLake(spans);
  const server = await startServer(["--disable-warning=ExperimentalWarning", main, "serve"], {
    TRACEBOOK_DATA: root,
    PORT: "0"
  });
  try {
    const of = `lake of ${spans / 1e6} M spans`;
    await pause(5000);
    const before = await readProcess(server.pid);
    await pause(restSeconds * 1000);
    const rest = await readProcess(server.pid);
    const share = (rest.cpuSeconds - before.cpuSeconds) / restSeconds;
    const rows: BenchRow[] = [
      {
        name: `${of}, processor share at rest`,
        value: share,
        unit: "cores",
        against: "the target",
        rival: null,
        ratio: share / 0.2,
        target: "< 0.2 cores",
        met: share < 0.2
      },
      memoryRow(`${of}, memory of the server at rest`, rest.restBytes)
    ];
    const { url } = server;
    const add = async (name: string, pathOf: (round: number) => string, targetMs: number) =>
      rows.push(...latencyRows(`${of}, ${name}`, await time(url, pathOf), targetMs));
    await add("list of the newest 50, filtered", (round) => list(filtersOf(round)), 100);
    await add(`a trace of ${largeSpans} spans opened`, () => paths.trace(largeTraceId), 100);
    await add(`the tree of ${largeSpans} spans`, () => paths.spans(largeTraceId), 400);
    for (const [name, textOf] of searches)
      await add(`search over a month for ${name}`, (round) => list({ ...month, text: textOf(round) }), 400);
    rows.push(memoryRow(`${of}, memory of the server at its peak`, (await readProcess(server.pid)).peakBytes));
    return rows;
  } finally {
    await server.kill();
  }
}

export const benches: readonly Bench[] = sizes.map((spans) => ({
  name: `lake-page-${spans / 1e6}M`,
  subject: "ingest",
  run: () => measure(spans)
}));
