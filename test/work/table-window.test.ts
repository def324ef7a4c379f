import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTable } from "#lib/browser/table-window.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { maxWindowBytes, maxWindowRows, readWindow, requireTable } from "#lib/work/table-window.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";

let fixture: LakeFixture;
let kernel: Kernel;

beforeAll(async () => {
  fixture = await openLakeFixture();
  kernel = await fixture.lake.openKernel(scopeOf(["support"]));
});

afterAll(async () => {
  await kernel.close();
  await fixture.close();
});

const first = { offset: 0, limit: 100, sort: null, descending: false };

/** Makes a table of a question and reads a window of it, as the page does. */
async function ask(sql: string, asked: Partial<Parameters<typeof readWindow>[2]> = {}) {
  await kernel.materialise("answer", sql, {});
  const table = await requireTable(kernel, "answer");
  const answer = await readWindow(kernel, table, { ...first, ...asked });
  return { table, answer, rows: openTable(answer.bytes, asked.offset ?? 0, answer.total, answer.columns) };
}

test("of five texts of ten megabytes the page gets the beginnings, and how long they are", async () => {
  const { table, answer, rows } = await ask("select i, repeat('abcdefghij', 1000000) as long from range(5) r(i)", {
    characters: 400
  });
  expect(answer.bytes.length).toBeLessThan(10_000);
  expect([rows.rows, rows.total, rows.names]).toEqual([5, 5, ["i", "long"]]);
  expect(rows.value(4, 1)).toBe("abcdefghij".repeat(40));
  expect([rows.characters(4, 1), rows.characters(4, 0)]).toEqual([10_000_000, null]);
  const whole = await readWindow(kernel, table, { ...first, offset: 2, limit: 1, characters: 1_000_000 });
  expect(String(openTable(whole.bytes, 2, 5, 2).value(0, 1)).length).toBe(1_000_000);
  expect(await kernel.rows("select sum(length(long))::double as n from answer", {}, 1)).toEqual([{ n: 50_000_000 }]);
});

test("half a million rows of a hundred bytes come in windows, and stay whole on the server", async () => {
  const { answer, rows } = await ask("select i, repeat('x', 100) as t from range(500000) r(i)", {
    offset: 499_950,
    characters: 400
  });
  expect([rows.rows, rows.total, answer.cut]).toEqual([50, 500_000, false]);
  expect([rows.value(0, 0), rows.characters(0, 1)]).toEqual([499_950, null]);
});

test("a window of whole texts ends when it is large, and the next one goes on after it", async () => {
  const { table, answer } = await ask("select i, repeat('x', 1000000) as t from range(50) r(i)", { limit: 50 });
  const got = tableFromIPC(answer.bytes).numRows;
  expect(answer).toMatchObject({ cut: true, rows: got, total: 50 });
  expect(got).toBeGreaterThan(1);
  expect(answer.bytes.length).toBeLessThan(maxWindowBytes + 2_000_000);
  const next = await readWindow(kernel, table, { ...first, offset: got, limit: 1 });
  expect(tableFromIPC(next.bytes).get(0)?.["i"]).toBe(BigInt(got));
});

test("one row is sent however large it is", async () => {
  const { answer } = await ask("select repeat('x', 20000000) as t from range(2)");
  expect([answer.rows, answer.cut]).toEqual([1, true]);
});

test("a map asks for the columns it draws, gets no others, and many more rows of them at once", async () => {
  const { table, answer, rows } = await ask("select i::double as x, 'text' as t, i as y from range(50000) r(i)", {
    only: ["y", "x"],
    limit: 1_000_000,
    sort: "t"
  });
  expect([rows.names, rows.rows, answer.total]).toEqual([["y", "x"], 50_000, 50_000]);
  expect([rows.value(49_999, 0), rows.value(49_999, 1)]).toEqual([49_999, 49_999]);
  await expect(readWindow(kernel, table, { ...first, only: ["nothing"] })).rejects.toThrow(/no column "nothing"/);
});

test("no window has more rows than one may have", async () => {
  const { answer } = await ask("select i from range(20000) r(i)", { limit: 1_000_000 });
  expect([answer.rows, answer.total]).toEqual([maxWindowRows, 20_000]);
});

test("rows are ordered by whole texts, though only their beginnings are sent", async () => {
  const { rows } = await ask("select repeat('a', 50) || i as t from range(10) r(i)", {
    characters: 5,
    sort: "t",
    descending: true,
    limit: 3
  });
  expect(rows.value(0, 0)).toBe("aaaaa");
  const { rows: whole } = await ask("select repeat('a', 50) || i as t from range(10) r(i)", {
    sort: "t",
    descending: true,
    limit: 1
  });
  expect(whole.value(0, 0)).toBe(`${"a".repeat(50)}9`);
});

test("every type can be sent with cut texts", async () => {
  const { rows } = await ask(
    `select true as b, 1::hugeint as huge, 1.25::decimal(9, 2) as dec, date '2026-11-20' as day,
      timestamptz '2026-11-20 09:00:00+00' as at, range(5000) as list, {'a': repeat('x', 900)} as s,
      map {'k': 1} as m, 'abc'::blob as blob, 'x'::enum('x', 'y') as e, '{"k": 1}'::json as j,
      uuid '00000000-0000-0000-0000-000000000001' as u, interval 1 day as span, null as nothing`,
    { characters: 50 }
  );
  expect(rows.names).toHaveLength(14);
  const column = (name: string) => rows.names.indexOf(name);
  expect(String(rows.value(0, column("list"))).startsWith("[0,1,2")).toBe(true);
  expect(rows.characters(0, column("list"))).toBe(23_891);
  expect(rows.characters(0, column("s"))).toBe(908);
  expect(rows.looks[column("day")]).toBe("day");
  expect([rows.value(0, column("huge")), rows.value(0, column("dec")), rows.value(0, column("nothing"))]).toEqual([
    1,
    1.25,
    null
  ]);
});
