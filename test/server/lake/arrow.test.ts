import { DuckDBInstance } from "@duckdb/node-api";
import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ArrowEncoder } from "#lib/server/lake/arrow.ts";

let instance: DuckDBInstance;

beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:", { threads: "2" });
});

afterAll(() => instance.closeSync());

/** Rows of a question, by way of Arrow bytes and by way of the engine's own JSON. */
async function ask(sql: string) {
  const connection = await instance.connect();
  try {
    const result = await connection.stream(sql);
    const encoder = new ArrowEncoder(result.columnNames(), result.columnTypes());
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
      await encoder.append(chunk);
    }
    const table = tableFromIPC(encoder.finish());
    const plain = (await connection.runAndReadAll(sql)).getRowsJson();
    return { table, plain };
  } finally {
    connection.closeSync();
  }
}

test.each([
  [
    "short, long and absent texts",
    "case i % 5 when 0 then null when 1 then 'x' || i else repeat('é', i % 97) || i end"
  ],
  ["texts read out of order", "md5((i * 7919 % 70001)::varchar) || repeat('z', i % 13)"],
  ["a few long texts that repeat", "'a model with a long name, number ' || (i % 3)"],
  ["one huge text among small ones", "case when i = 3000 then repeat('abcdefgh', 1500000) else 'small ' || i end"],
  ["texts in any script", "'日本語 العربية 🙂 ' || i || ' ' || repeat('ß', i % 40)"]
])("%s arrive as they are", async (_, expression) => {
  const { table, plain } = await ask(`select ${expression} as t from range(70001) r(i) order by hash(i)`);
  expect(table.numRows).toBe(70_001);
  const column = table.getChild("t")!;
  let wrong = 0;
  for (let row = 0; row < table.numRows; row += 1) if (column.get(row) !== plain[row]![0]) wrong += 1;
  expect(wrong).toBe(0);
});

test("every type of the engine has a form in Arrow", async () => {
  const { table } =
    await ask(`select true as b, 1::tinyint as i8, 2::integer as i32, 3::bigint as i64, 170::hugeint as huge,
    1.25::decimal(9,2) as dec, 0.5::double as d, date '2026-11-20' as day, timestamp '2026-11-20 09:00:00' as at,
    timestamp_ns '2026-11-20 09:00:00.000000001' as ns, [1, 2] as list, {'a': 'x'} as s, map {'k': 1} as m,
    'abc'::blob as blob, uuid '00000000-0000-0000-0000-000000000001' as u, interval 1 day as span,
    'x'::enum('x', 'y') as e, null as nothing`);
  const row = table.get(0)!;
  expect([row.b, row.i8, row.i32, row.i64, row.huge, row.dec, row.d]).toEqual([true, 1, 2, 3n, 170, 1.25, 0.5]);
  expect(new Date(Number(row.day)).toISOString().slice(0, 10)).toBe("2026-11-20");
  expect(JSON.parse(String(row.list)).map(Number)).toEqual([1, 2]);
  expect(JSON.parse(String(row.s))).toEqual({ a: "x" });
  expect(row.u).toBe("00000000-0000-0000-0000-000000000001");
  expect(row.e).toBe("x");
  expect(row.nothing).toBeNull();
  for (const name of ["at", "ns", "m", "blob", "span"]) expect(row[name], name).not.toBeNull();
});

test("no rows are an empty table with its columns", async () => {
  const { table } = await ask("select 1 as a, 'x' as b where false");
  expect(table.numRows).toBe(0);
  expect(table.schema.fields.map(({ name }) => name)).toEqual(["a", "b"]);
});
