import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { blobs } from "../map/blobs.ts";
import { type MapQuality, mapQuality } from "./map-quality.ts";
import type { Bench, BenchRow } from "./row.ts";

const K = 15;
const RUNNER = fileURLToPath(new URL("./map-runner.ts", import.meta.url));
const PYTHON = fileURLToPath(new URL("./map-umap-learn.py", import.meta.url));
const ATLAS = "embedding-atlas@0.26.0";
const sizes = process.env["BENCH_SIZES"] ?? "10000x64,50000x64,100000x64,10000x384,50000x384,100000x384";

/**
 * Layouts beside the rivals, each in a process of its own: time, peak memory, neighbours kept. BENCH_SIZES sets the
 * sizes, BENCH_RIVALS the rivals (umap-js,embedding-atlas,umap-learn), BENCH_MILLION the points of the largest map.
 * umap-js takes minutes from 50,000 points on.
 */
export const benches: readonly Bench[] = [
  { name: "map-scale", run: async () => inFolder(async (folder) => (await measureSizes(folder)).flat()) },
  { name: "map-million", run: async () => inFolder(measureMillion) }
];

interface Run {
  readonly who: string;
  readonly seconds: number;
  /** Of all threads; where the machine is busy with other things it says more than `seconds`. */
  readonly cpuSeconds: number;
  readonly bytes: number;
  readonly positions: Float32Array;
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "tracebook-bench-map-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureSizes(folder: string): Promise<BenchRow[][]> {
  const out: BenchRow[][] = [];
  for (const size of sizes.split(",")) {
    const [n, d] = size.split("x").map(Number) as [number, number];
    out.push(await measureSize(folder, n, d));
  }
  return out;
}

async function measureSize(folder: string, n: number, d: number): Promise<BenchRow[]> {
  const vectors = blobs(n, d, 40, 1.2, 7);
  writeFileSync(join(folder, "vectors"), vectors);
  const own = await runLayout("ours", folder, n, d);
  const again = await runLayout("ours", folder, n, d);
  const ownQuality = report(own, vectors, n, d);
  const label = `map ${n.toLocaleString("en-US")} x ${d}`;
  const megabytes = own.bytes / 2 ** 20;
  const rows: BenchRow[] = [
    {
      name: `${label}: the same bits again`,
      value: Number(Buffer.from(own.positions.buffer).equals(Buffer.from(again.positions.buffer))),
      unit: "",
      against: "absolute",
      rival: null,
      ratio: 1,
      target: "1",
      met: Buffer.from(own.positions.buffer).equals(Buffer.from(again.positions.buffer))
    }
  ];
  // The target of memory is stated for the smaller vectors.
  if (d === 64 && n <= 50_000) rows.push(absolute(`${label}: peak memory`, megabytes, "MB", 200));
  for (const who of rivals()) {
    const rival = await runLayout(who, folder, n, d);
    const quality = report(rival, vectors, n, d);
    const factor = who === "umap-js" ? 1 / 15 : who === "umap-learn" ? 1 / 4 : 1;
    rows.push(
      {
        name: `${label}: time`,
        value: own.seconds,
        unit: "s",
        against: who,
        rival: rival.seconds,
        ratio: own.seconds / rival.seconds,
        target: `<= ${Number(factor.toFixed(3))}x`,
        met: own.seconds <= rival.seconds * factor
      },
      {
        name: `${label}: trustworthiness@15`,
        value: ownQuality.trustworthiness,
        unit: "",
        against: who,
        rival: quality.trustworthiness,
        ratio: ownQuality.trustworthiness / quality.trustworthiness,
        target: ">= rival - 0.003",
        met: ownQuality.trustworthiness >= quality.trustworthiness - 0.003
      }
    );
  }
  return rows;
}

async function measureMillion(folder: string): Promise<BenchRow[]> {
  const [n, d] = [Number(process.env["BENCH_MILLION"] ?? 1_000_000), 64];
  const vectors = blobs(n, d, 400, 1.2, 7);
  writeFileSync(join(folder, "vectors"), vectors);
  const own = await runLayout("ours", folder, n, d);
  report(own, vectors, n, d);
  const label = `map ${n.toLocaleString("en-US")} x ${d}`;
  return [
    absolute(`${label}: time`, own.seconds, "s", 240),
    absolute(`${label}: peak memory`, own.bytes / 2 ** 20, "MB", 1536)
  ];
}

async function runLayout(who: string, folder: string, n: number, d: number): Promise<Run> {
  const [from, to] = [join(folder, "vectors"), join(folder, "positions")];
  const sizes = [String(n), String(d), from, to];
  const [command, args] =
    who === "umap-learn"
      ? ["/usr/bin/python3", [PYTHON, ...sizes]]
      : [process.execPath, ["--max-old-space-size=12000", RUNNER, who, ...sizes, rivalFolder()]];
  const { stdout } = await promisify(execFile)(command, args, { env: { ...process.env, NUMBA_NUM_THREADS: "2" } });
  const measured = JSON.parse(stdout.trim().split("\n").at(-1)!) as Omit<Run, "who" | "positions">;
  const bytes = readFileSync(to);
  return { who, ...measured, positions: new Float32Array(bytes.buffer, bytes.byteOffset, n * 2).slice() };
}

/** Prints what a run took and gives how good it is; a row holds one number only. */
function report(
  { who, seconds, cpuSeconds, bytes, positions }: Run,
  vectors: Float32Array,
  n: number,
  d: number
): MapQuality {
  const quality = mapQuality(vectors, d, positions, K, n > 200_000 ? 50 : 400);
  const load = loadavg()[0]!.toFixed(1);
  console.error(
    `${n} x ${d} ${who}: ${seconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} s of processor), ${Math.round(bytes / 2 ** 20)} MB, ` +
      `trustworthiness@15 ${quality.trustworthiness.toFixed(4)}, neighbours kept ${quality.preserved.toFixed(4)}, load ${load}`
  );
  return quality;
}

/** The rivals that can run here; embedding-atlas is installed into a folder of its own, never into ours. */
function rivals(): string[] {
  const wanted = (process.env["BENCH_RIVALS"] ?? "umap-js,embedding-atlas,umap-learn").split(",").filter(Boolean);
  return wanted.filter((who) => {
    const found =
      who === "umap-learn"
        ? spawnSync("/usr/bin/python3", ["-c", "import umap"]).status === 0
        : who === "umap-js" || installAtlas();
    if (!found) console.error(`${who} is not installed, so it is left out`);
    return found;
  });
}

function rivalFolder(): string {
  return join(tmpdir(), "tracebook-bench-rivals");
}

function installAtlas(): boolean {
  const folder = rivalFolder();
  if (existsSync(join(folder, "node_modules/embedding-atlas/dist/umap.js"))) return true;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}");
  const args = ["install", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund", ATLAS];
  return spawnSync("npm", args, { cwd: folder, stdio: "ignore" }).status === 0;
}

function absolute(name: string, value: number, unit: string, most: number): BenchRow {
  return {
    name,
    value,
    unit,
    against: "absolute",
    rival: null,
    ratio: value / most,
    target: `<= ${most} ${unit}`,
    met: value <= most
  };
}
