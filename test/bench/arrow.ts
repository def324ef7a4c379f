import { DuckDBInstance } from "@duckdb/node-api";
import { openBenchLake, timeRivals } from "./lake.ts";
import type { Bench, BenchRow } from "./row.ts";

const million = `select range as id, range * 1.5::double as value, (range % 100)::integer as bucket,
  'agent-' || (range % 7) as agent, md5(range::varchar) as digest,
  timestamp '2026-01-01' + to_seconds(range) as at from range(1000000)`;

async function run(): Promise<readonly BenchRow[]> {
  const bench = await openBenchLake(1000);
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const bare = await instance.connect();
  try {
    await bare.run(`create table million as ${million}`);
    const kernel = await bench.lake.openKernel({ userId: "bench", roles: ["admin"], businessUnits: ["unit-0"] });
    await kernel.materialise("million", million, {});
    let bytes = 0;
    const [ours, theirs] = await timeRivals(
      7,
      async () => {
        bytes = (await kernel.query("select * from million", {}, 2_000_000)).bytes.length;
      },
      async () => {
        const result = await bare.stream("select * from million");
        for (;;) {
          const chunk = await result.fetchChunk();
          if (!chunk || chunk.rowCount === 0) break;
        }
      }
    );
    await kernel.close();
    return [
      {
        name: `1 M rows x 6 columns to Arrow (${Math.round(bytes / 1e6)} MB)`,
        value: ours,
        unit: "ms",
        against: "fetching the chunks",
        rival: theirs,
        ratio: ours / theirs,
        target: "<= 3x",
        met: ours / theirs <= 3
      }
    ];
  } finally {
    bare.closeSync();
    instance.closeSync();
    await bench.close();
  }
}

/** Answers as Arrow bytes beside merely fetching them. */
export const benches: readonly Bench[] = [{ name: "arrow", run }];
