import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { localFiles, tellTable } from "#lib/server/source-files.ts";
import { readTable } from "#lib/server/table-files.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/tracebook-tables-`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function writeParquet(name: string, select: string): Promise<string> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`copy (${select}) to '${folder}/${name}' (format parquet)`);
  instance.closeSync();
  return `${folder}/${name}`;
}

/** Records of a file, and what was said of the rest. */
async function readAll(path: string) {
  const [file] = await localFiles.list(path);
  const found = { records: [] as unknown[], losses: [] as unknown[], rejected: [] as string[], readBytes: 0 };
  for await (const { text, losses = [], rejected = [], readBytes } of file!.read()) {
    for (const line of text.split("\n")) if (line !== "") found.records.push(JSON.parse(line));
    found.losses.push(...losses);
    found.rejected.push(...rejected);
    found.readBytes = readBytes;
  }
  return found;
}

async function readCsv(text: string | Buffer, name = "data.txt") {
  await writeFile(`${folder}/${name}`, text);
  return readAll(`${folder}/${name}`);
}

test("a Parquet file gives its rows as JSON: nested values, instants in UTC, decimals and what is large", async () => {
  const path = await writeParquet(
    "all[1].parquet",
    `select 1::tinyint as small, 9007199254740993 as large, 2.5::decimal(9, 2) as price, 'nan'::double as none,
      {name: 'a', tags: ['x', null]} as nested, map {'k': 1} as pairs, [1, 2]::integer[2] as pair, true as flag, null::varchar as gap,
      timestamp '2026-01-02 03:04:05.678901' as at, timestamptz '2026-01-02 03:04:05+02' as zoned, timestamp_ns '1969-12-31 23:59:59.000000001' as fine,
      date '2026-01-02' as day, 'ab'::blob as image, uuid '6f1b4d3a-0000-4000-8000-000000000001' as id, interval 2 hours as span`
  );
  const { records, losses, readBytes } = await readAll(path);
  expect(records).toEqual([
    {
      ...{ small: 1, large: "9007199254740993", price: 2.5, none: null, nested: { name: "a", tags: ["x", null] } },
      ...{ pairs: { k: 1 }, pair: [1, 2], flag: true, gap: null, at: "2026-01-02T03:04:05.678901Z" },
      ...{ zoned: "2026-01-02T01:04:05Z", fine: "1969-12-31T23:59:59.000000001Z", day: "2026-01-02" },
      ...{ id: "6f1b4d3a-0000-4000-8000-000000000001", span: "02:00:00" }
    }
  ]);
  expect(losses).toEqual([{ field: "image (bytes)", fate: "dropped", count: 1 }]);
  expect(readBytes).toBeGreaterThan(0);
});

test("a large Parquet file comes in pieces of bounded size, and a reader that stops early lets go of it", async () => {
  const path = await writeParquet("large.parquet", "select i, repeat('x', 1000) as text from range(5000) t(i)");
  const sizes: number[] = [];
  for await (const { text } of readTable(path, { kind: "parquet" })) {
    sizes.push(text.length);
    if (sizes.length === 4) break;
  }
  expect(Math.max(...sizes)).toBeLessThan(300_000);
  expect((await readAll(path)).records.length).toBe(5000);
});

test.each([
  ["commas and quoted line breaks", 'id,q\n1,"hi, ""you""\nthere"\n', { id: "1", q: 'hi, "you"\nthere' }],
  ["semicolons", "id;q\n1;a,b\n", { id: "1", q: "a,b" }],
  ["tabs in UTF-16", Buffer.from("\ufeffid\tq\n1\tfür\n", "utf16le"), { id: "1", q: "für" }],
  ["Latin-1", Buffer.from("id,q\n1,f\xfcr\n", "latin1"), { id: "1", q: "für" }],
  ["a byte order mark", "\ufeffid,q\n007,x\n", { id: "007", q: "x" }],
  ["gzip", gzipSync("id,q\n1,x\n"), { id: "1", q: "x" }],
  ["too few cells in a row", "id,q,r\n1,x\n2,y,z\n", { id: "1", q: "x", r: null }]
])("CSV is told by its content and read: %s", async (_, content, first) => {
  expect((await readCsv(content)).records[0]).toEqual(first);
});

test("lines of CSV that are no rows are said, and the others are read", async () => {
  const rows = Array.from({ length: 30_000 }, (_, index) => `${index},x`).join("\n");
  const { records, rejected } = await readCsv(`id,q\n${rows}\n1,2,3\n5,y\n`);
  expect([records.length, rejected.length]).toEqual([30_001, 1]);
  expect(rejected[0]).toMatch(/^line 30002 is no row: Expected Number of Columns: 2/);
});

test("one column is CSV where the name says so; JSON and plain words are no tables", () => {
  const tell = (text: string, name = "x") => tellTable(Buffer.from(text), name, false)?.kind ?? null;
  expect(tell("question\nhello\n", "x.csv")).toBe("csv");
  expect(tell('{"a": 1, "b": 2}\n{}', "x.csv")).toBeNull();
  expect(["", "[1,2]\n", "words\nmore", "words, and no more"].map((text) => tell(text))).toEqual([
    null,
    null,
    null,
    null
  ]);
});

test("a damaged Parquet file, and one with bytes alone, are faults in one sentence", async () => {
  await writeFile(`${folder}/bad.parquet`, "PAR1 and nothing else");
  await expect(readAll(`${folder}/bad.parquet`)).rejects.toMatchObject({
    code: "broken",
    message: /^the Parquet file cannot be read: /
  });
  const path = await writeParquet("bytes.parquet", "select 'a'::blob as image");
  await expect(readAll(path)).rejects.toThrow("no columns but such of bytes");
});

test("the engine reads the one file and nothing beside it", async () => {
  await writeFile(`${folder}/secret.csv`, "a,b\n1,2\n");
  await symlink(`${folder}/secret.csv`, `${folder}/link.csv`);
  expect((await readAll(`${folder}/link.csv`)).records).toEqual([{ a: "1", b: "2" }]);
  await writeFile(`${folder}/q'uote.csv`, "a,b\n3,4\n");
  expect((await readAll(`${folder}/q'uote.csv`)).records).toEqual([{ a: "3", b: "4" }]);
});
