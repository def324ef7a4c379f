import { mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Span } from "#lib/model/span.ts";
import type { LakeTable, NewLakeFile } from "#lib/ports/catalog.ts";
import type { Lake } from "#lib/ports/lake.ts";
import { systemClock } from "#lib/server/clock.ts";
import { openLake } from "#lib/server/lake/lake.ts";
import { openState, type State } from "#lib/server/state/state.ts";
import { quoteText } from "#lib/sql/quote.ts";
import { fileColumns } from "#lib/sql/view-sql.ts";

/** Business units of a bench lake; each holds a quarter of it. */
export const benchUnits = ["unit-0", "unit-1", "unit-2", "unit-3"] as const;

/** A generated lake in a temporary folder. */
export interface BenchLake {
  readonly lake: Lake;
  /** Absolute paths of the Parquet files of one table, of all units. */
  paths(table: LakeTable): Promise<readonly string[]>;
  close(): Promise<void>;
}

const spansPerTrace = 10;
const firstDay = "2026-01-01";

/** What the generated rows hold; every other column is null. */
const spanValues: Readonly<Record<string, string>> = {
  trace_id: "md5(trace::varchar)",
  span_id: "substr(md5((i + 7)::varchar), 1, 16)",
  name: "case i % 10 when 0 then 'agent' when 1 then 'search' else 'chat' end",
  kind: "case i % 10 when 0 then 'agent' when 1 then 'tool' else 'llm' end",
  start_ts: "started + interval (i % 10) second",
  end_ts: "started + interval (i % 10 + 1) second",
  status: "case when hash(i) % 50 = 0 then 'error' else 'ok' end",
  agent: "'agent-' || trace % 7",
  model: "'model-' || i % 5",
  input_text: "'question ' || md5(i::varchar) || ' about refund ' || trace",
  output_text: "'answer ' || md5((i * 3)::varchar)",
  tokens_in: "hash(i) % 4000",
  tokens_out: "hash(i * 7) % 900",
  cost_usd: "(hash(i * 11) % 1000) / 1e5"
};

const partValues: Readonly<Record<string, string>> = {
  trace_id: "md5(trace::varchar)",
  name: "'agent'",
  has_root: "true",
  agent: "'agent-' || trace % 7",
  started_at: "started",
  ended_at: "started + interval 10 second",
  status: "case when hash(trace) % 20 = 0 then 'error' else 'ok' end",
  spans: "10",
  llm_calls: "8",
  tool_calls: "1",
  errors: "0",
  models: "['model-1', 'model-2']",
  tool_names: "['search']",
  tokens_in: "20000",
  tokens_out: "4500",
  cost_usd: "0.05",
  input: "'question about refund ' || trace",
  output: "'answer ' || md5(trace::varchar)",
  time_source: "'reported'",
  spans_json: "'{\"id\":\"' || substr(md5(trace::varchar), 1, 16) || '\"}'"
};

/**
 * Generates a lake inside the engine: no JavaScript value per row.
 *
 * @param spans  how many, in all units together
 * @param days   over which they are spread evenly; there is a file for each day and unit
 */
export async function openBenchLake(spans: number, days = 30): Promise<BenchLake> {
  const root = await mkdtemp(`${tmpdir()}/tracebook-bench-`);
  const { lake, state } = await openLakeOf(root);
  const files = await writeBenchFiles(root, state, spans, days);
  return {
    lake,
    paths: async (table) => files.filter((file) => file.table === table).map(({ path }) => `${root}/lake/${path}`),
    async close() {
      await lake.close();
      await state.close();
      await rm(root, { recursive: true, force: true });
    }
  };
}

/**
 * Generates a lake that stays, and beside it `extra`.
 *
 * @param root  absolute path of the data folder
 */
export async function writeBenchLake(root: string, spans: number, extra: readonly Span[]): Promise<void> {
  const { lake, state } = await openLakeOf(root);
  try {
    await writeBenchFiles(root, state, spans, 30);
    const scope = { userId: "bench", roles: ["admin"], businessUnits: [...benchUnits] } as const;
    await lake.append(scope, { spans: extra, scores: [] });
    // What a flush leaves for the next one is done here, so that the lake is at rest.
    for (let before = -1; before !== (await lake.snapshotId()); ) {
      before = await lake.snapshotId();
      await lake.flush();
    }
  } finally {
    await lake.close();
    await state.close();
  }
}

async function openLakeOf(root: string) {
  const state = await openState({ dataFolder: root, databaseUrl: null }, systemClock);
  const lake = await openLake({
    folder: `${root}/lake`,
    spillFolder: `${root}/spill`,
    catalog: state.catalog,
    clock: systemClock,
    stateTables: () => ({})
  });
  return { lake, state };
}

async function writeBenchFiles(
  root: string,
  state: State,
  spans: number,
  days: number
): Promise<readonly NewLakeFile[]> {
  const folder = `${root}/lake`;
  const traces = Math.ceil(spans / spansPerTrace);
  const instance = await DuckDBInstance.create(":memory:", { threads: "2", temp_directory: `${root}/generate` });
  const connection = await instance.connect();
  const partition = `'unit-' || trace % ${benchUnits.length} as business_unit, strftime(started, '%Y-%m-%d') as "date"`;
  const started = `(timestamp '${firstDay}' + to_microseconds((trace * ${Math.floor((days * 86_400e6) / traces)})::bigint))`;
  const sources: readonly (readonly [LakeTable, string, Readonly<Record<string, string>>])[] = [
    [
      "spans",
      `(select i, i // ${spansPerTrace} as trace, ${started} as started from range(${spans}) t(i))`,
      spanValues
    ],
    ["first_parts", `(select trace, ${started} as started from range(${traces}) t(trace))`, partValues]
  ];
  for (const [table, source, values] of sources) {
    const list = Object.entries(fileColumns[table as "spans"]).map(
      ([name, type]) => `(${values[name] ?? "null"})::${type} as ${name === "date" ? '"date"' : name}`
    );
    await connection.run(`copy (select ${list.join(", ")}, ${partition} from ${source})
      to ${quoteText(`${folder}/${table}`)} (format parquet, compression zstd, row_group_size 30720, partition_by (business_unit, "date"))`);
  }
  const add: NewLakeFile[] = [];
  for (const [table] of sources) {
    for (const name of await readdir(`${folder}/${table}`, { recursive: true })) {
      if (!name.endsWith(".parquet")) continue;
      const found = /business_unit=([^/]+)\/date=([^/]+)\//.exec(name)!;
      const path = `${table}/${name.replace(/[^/]+$/, "")}${systemClock.newId()}.parquet`;
      await rename(`${folder}/${table}/${name}`, `${folder}/${path}`);
      const absolute = `${folder}/${path}`;
      const answer = await connection.runAndReadAll(
        `select num_rows::double from parquet_file_metadata(${quoteText(absolute)})`
      );
      const dayMs = Date.parse(`${found[2]}T00:00:00Z`);
      add.push({
        table,
        businessUnit: found[1]!,
        day: found[2]!,
        path,
        format: "parquet",
        rows: Number(answer.getRows()[0]![0]),
        bytes: (await stat(absolute)).size,
        minStartMs: dayMs,
        maxStartMs: dayMs + 86_400_000
      });
    }
  }
  await state.catalog.commit({ add, remove: [] });
  connection.closeSync();
  instance.closeSync();
  return add;
}

/** Runs two rivals in turn, so that both meet the same machine. @returns the median time of each in ms */
export async function timeRivals(
  rounds: number,
  ours: () => Promise<unknown>,
  theirs: () => Promise<unknown>
): Promise<readonly [number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, work] of [ours, theirs].entries()) {
      const start = performance.now();
      await work();
      // The first round warms both.
      if (round > 0) times[index as 0 | 1].push(performance.now() - start);
    }
  }
  return [quantile(times[0], 0.5), quantile(times[1], 0.5)];
}

/** The value below which a share of the times lies, 0..1. */
export function quantile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
