import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, expect, test } from "vitest";
import { readSelect } from "#lib/sql/select-reading.ts";

let read: (sql: string) => Promise<ReturnType<typeof readSelect>>;

beforeAll(async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  read = async (sql) => {
    const answer = await connection.runAndReadAll(
      "select json_serialize_sql($q::varchar, skip_default := true, skip_empty := true, skip_null := true)",
      { q: sql }
    );
    return readSelect(JSON.parse(String(answer.getRows()[0]![0])), sql);
  };
});

test.each([
  ["select * from traces", ["traces"]],
  ["with a as (select * from t1), b as (select * from a) select * from b join t2 using (x)", ["t1", "t2"]],
  [
    "select (select max(x) from inner_one) from outer_one where x in (select y from third)",
    ["outer_one", "inner_one", "third"]
  ],
  ["with recursive r(n) as (select 1 union all select n + 1 from r where n < 9) select * from r, t", ["t"]],
  ["select * from t union all select * from u", ["t", "u"]],
  ['select * from "Odd Name"', ["Odd Name"]],
  ["select * from main.t", ["t"]],
  ["with t as (select * from t) select * from t", ["t"]],
  ["select * from x, lateral (select * from y where y.a = x.a)", ["x", "y"]]
])("%s reads %j", async (sql, tables) => {
  const reading = await read(sql);
  expect("tables" in reading && [...reading.tables].sort()).toEqual([...tables].sort());
});

test("parameters are found wherever they stand, once", async () => {
  expect(await read("select $a + $b from t where x > $a limit $n")).toMatchObject({ parameters: ["n", "a", "b"] });
});

test("functions that stand for a table are told apart from the others", async () => {
  expect(await read("select upper(x), count(*) from read_parquet('a'), range(3)")).toMatchObject({
    tableFunctions: ["read_parquet", "range"],
    functions: expect.arrayContaining(["upper", "count_star"]),
    tables: []
  });
});

test("a relation of another schema or catalog is foreign", async () => {
  expect(await read("select * from information_schema.tables, other.main.t")).toMatchObject({
    tables: [],
    foreign: ["information_schema.tables", "other.main.t"]
  });
});

test.each([
  ["selec 1", /syntax error/, { line: 1, column: 1 }],
  ["select *\nfrom t\nwhere and", /syntax error/, { line: 3, column: 7 }],
  ["select 1; select 2", /2 statements/, null],
  ["", /no SELECT|syntax/, null],
  ["drop table spans", /something else/, null],
  ["copy (select 1) to 'x'", /something else/, null]
])("%j is refused with its place", async (sql, message, position) => {
  const reading = await read(sql);
  expect(reading).toMatchObject({ message: expect.stringMatching(message), position });
});
