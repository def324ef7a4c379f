import { DuckDBInstance } from "@duckdb/node-api";
import { quoteText } from "#lib/sql/quote.ts";
import { benchUnits, openBenchLake, quantile, timeRivals } from "./lake.ts";
import type { Bench, BenchRow } from "./row.ts";

const spans = Number(process.env.BENCH_SPANS ?? 1_000_000);

const aggregate = `select model, kind, count(*) as n, sum(tokens_in) as tokens, avg(cost_usd) as cost, max(end_ts) as newest
  from spans group by all order by all`;

const newest = `select trace_id, name, agent, started_at, duration_ms, status, input from traces
  where business_unit = $unit and agent = $agent and status = $status order by started_at desc limit 50`;

async function run(): Promise<readonly BenchRow[]> {
  const bench = await openBenchLake(spans);
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const bare = await instance.connect();
  const scope = { userId: "bench", roles: ["admin"] as const, businessUnits: [...benchUnits] };
  try {
    const files = (await bench.paths("spans")).map(quoteText).join(", ");
    await bare.run(
      `create view spans as select * from read_parquet([${files}], hive_partitioning = true, hive_types = {'business_unit': VARCHAR, 'date': DATE})`
    );
    const openings: number[] = [];
    const empty: number[] = [];
    for (let round = 0; round < 15; round += 1) {
      const start = performance.now();
      const opened = await bench.lake.openKernel(scope);
      const between = performance.now();
      const engine = await DuckDBInstance.create(":memory:", { threads: "2" });
      openings.push(between - start);
      empty.push(performance.now() - between);
      engine.closeSync();
      await opened.close();
    }
    const kernel = await bench.lake.openKernel(scope);
    const [ours, theirs] = await timeRivals(
      7,
      () => kernel.query(aggregate, {}, 10_000),
      async () => (await bare.stream(aggregate)).fetchAllChunks()
    );
    const times: number[] = [];
    for (let round = 0; round < 40; round += 1) {
      const values = { unit: benchUnits[round % benchUnits.length]!, agent: `agent-${round % 7}`, status: "ok" };
      const start = performance.now();
      await kernel.rows(newest, values, 50);
      times.push(performance.now() - start);
    }
    const p95 = quantile(times, 0.95);
    const opening = quantile(openings, 0.5);
    await kernel.close();
    const size = `${(spans / 1e6).toLocaleString("en-US")} M spans`;
    return [
      {
        name: `aggregate over ${size}`,
        value: ours,
        unit: "ms",
        against: "the same SQL in bare DuckDB",
        rival: theirs,
        ratio: ours / theirs,
        target: "<= 1.2x",
        met: ours / theirs <= 1.2
      },
      {
        name: `newest 50 traces of a unit, filtered, ${size}, p95`,
        value: p95,
        unit: "ms",
        against: "100 ms",
        rival: null,
        ratio: p95 / 100,
        target: "<= 100 ms",
        met: p95 <= 100
      },
      {
        name: `open a kernel over ${(await bench.paths("spans")).length * 2} files`,
        value: opening,
        unit: "ms",
        against: "opening an empty engine",
        rival: quantile(empty, 0.5),
        ratio: opening / quantile(empty, 0.5),
        target: "<= 50 ms",
        met: opening <= 50
      }
    ];
  } finally {
    bare.closeSync();
    instance.closeSync();
    await bench.close();
  }
}

/** Questions to the lake beside the same questions to the bare engine. */
export const benches: readonly Bench[] = [{ name: "query", run }];
