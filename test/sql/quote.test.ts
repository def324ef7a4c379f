import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { quoteName, quoteText } from "#lib/sql/quote.ts";

let instance: DuckDBInstance;
let connection: Awaited<ReturnType<DuckDBInstance["connect"]>>;

beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:");
  connection = await instance.connect();
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

// A NUL ends a C string, so no SQL text can hold one.
const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom("'", '"', "\\", "-", ";", "a", "ß", "🙂", "\n") })
);
const sqlText = texts.filter((text) => !text.includes("\0"));

test("a quoted text is one literal for the engine, and says what it said", async () => {
  await fc.assert(
    fc.asyncProperty(sqlText, async (text) => {
      const answer = await connection.runAndReadAll(`select ${quoteText(text)}`);
      expect(answer.getRows()).toEqual([[text]]);
    }),
    { numRuns: 60 }
  );
});

test("a quoted name is one name for the engine, and stays as it was", async () => {
  await fc.assert(
    fc.asyncProperty(
      sqlText.filter((name) => name !== ""),
      async (name) => {
        const answer = await connection.runAndReadAll(`select 1 as ${quoteName(name)}`);
        expect(answer.columnNames()).toEqual([name]);
      }
    ),
    { numRuns: 60 }
  );
});
