import { readFile, writeFile } from "node:fs/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isFault } from "#lib/model/fault.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { isCallable } from "#lib/server/lake/kernel-walls.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "./fixture.ts";

/** A function of the engine, as it lists it. */
interface EngineFunction {
  readonly name: string;
  readonly kind: string;
  readonly definition: string | null;
}

let fixture: LakeFixture;
let kernel: Kernel;
let functions: readonly EngineFunction[];

beforeAll(async () => {
  fixture = await openLakeFixture();
  kernel = await fixture.lake.openKernel(scopeOf(["support"]));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const answer = await connection.runAndReadAll(
    "select distinct function_name, function_type, macro_definition from duckdb_functions() order by all"
  );
  functions = answer.getRows().map(([name, kind, definition]) => ({
    name: String(name),
    kind: String(kind),
    definition: definition === null ? null : String(definition)
  }));
  connection.closeSync();
  instance.closeSync();
});

afterAll(async () => {
  await kernel.close();
  await fixture.close();
});

const ofValues = ({ kind }: EngineFunction) => ["scalar", "aggregate", "macro"].includes(kind);

/** A comparison of texts in one language. */
const collation = /^icu_collate_/;

test("the engine has no function of values that nobody looked at", async () => {
  const path = new URL("callable-functions.txt", import.meta.url);
  const callable = [
    ...new Set(
      functions
        .filter(ofValues)
        .map(({ name }) => name)
        .filter((name) => isCallable(name.toLowerCase()) && /^\w+$/.test(name) && !collation.test(name))
    )
  ];
  const lookedAt = (await readFile(path, "utf8")).trim().split("\n");
  const fresh = callable.filter((name) => !lookedAt.includes(name));
  if (fresh.length > 0)
    await writeFile(new URL("callable-functions-changed.txt", import.meta.url), callable.join("\n"));
  expect(fresh).toEqual([]);
});

test("no function that a cell may call is a text of SQL over the engine's own catalogs", () => {
  const open = functions.filter((found) => ofValues(found) && isCallable(found.name.toLowerCase()));
  const reading = open.filter(({ definition }) => /\bfrom\b|duckdb_|pg_catalog|sqlite_master/i.test(definition ?? ""));
  expect(reading.map(({ name, definition }) => `${name}: ${definition}`)).toEqual([]);
});

test("every hidden function is refused, however it is written", async () => {
  const hidden = [...new Set(functions.filter(ofValues).map(({ name }) => name))].filter(
    (name) => !isCallable(name.toLowerCase())
  );
  expect(hidden.length).toBeGreaterThan(30);
  for (const name of [...hidden, "getenv"]) {
    for (const call of [`${quoteName(name)}()`, `main.${quoteName(name.toUpperCase())}('x')`, `('x').${name}()`]) {
      await expect(kernel.rows(`select ${call} as a`, {}, 1), call).rejects.toMatchObject({ code: "denied" });
    }
  }
});

test("of the functions that stand for a table only those that read nothing are answered", async () => {
  const tables = [...new Set(functions.filter((found) => !ofValues(found)).map(({ name }) => name))];
  const allowed: string[] = [];
  for (const name of tables) {
    try {
      await kernel.rows(`select * from ${quoteName(name)}()`, {}, 1);
      allowed.push(name);
    } catch (error) {
      if (!isFault(error)) throw error;
      if (error.code !== "denied") allowed.push(name);
    }
  }
  expect(allowed.sort()).toEqual(["generate_series", "json_each", "json_tree", "range", "repeat", "unnest"]);
});
