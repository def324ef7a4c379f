import { setImmediate as yieldToLoop } from "node:timers/promises";
import {
  BOOLEAN,
  DOUBLE,
  DuckDBDataChunk,
  type DuckDBInstance,
  DuckDBTimestampValue,
  type DuckDBType,
  INTEGER,
  TIMESTAMP,
  VARCHAR
} from "@duckdb/node-api";
import type { UnitMask } from "#lib/model/mask.ts";
import type { LoadColumn } from "#lib/ports/kernel.ts";
import { maskStateTable } from "#lib/sql/mask-columns.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { runList, withConnection } from "./kernel-connection.ts";

/** Rows of one chunk of the engine. */
const chunkRows = 2048;

/** Makes or replaces a table from columns of equal length. Others get the loop now and then. */
export async function loadTable(instance: DuckDBInstance, name: string, columns: readonly LoadColumn[]): Promise<void> {
  const rows = columns[0]?.values.length ?? 0;
  const uneven = columns.find(({ values }) => values.length !== rows);
  if (uneven) throw new Error(`column ${uneven.name} has ${uneven.values.length} rows, not ${rows}`);
  const list = columns.map((column) => `${quoteName(column.name)} ${column.type}`).join(", ");
  const types = columns.map((column) => loadTypes[column.type]);
  await withConnection(instance, async (connection) => {
    await connection.run(`create or replace table ${quoteName(name)} (${list})`);
    if (rows === 0) return;
    const appender = await connection.createAppender(name);
    for (let start = 0; start < rows; start += chunkRows) {
      const count = Math.min(chunkRows, rows - start);
      const chunk = DuckDBDataChunk.create(types, count);
      for (const [index, column] of columns.entries()) chunk.setColumnValues(index, sliceValues(column, start, count));
      appender.appendDataChunk(chunk);
      await yieldToLoop();
    }
    appender.closeSync();
  });
}

/** Loads a table of the state, as the units show what people wrote of their traces. */
export async function loadState(
  instance: DuckDBInstance,
  masks: readonly UnitMask[],
  name: string,
  columns: readonly LoadColumn[]
): Promise<void> {
  await loadTable(instance, name, columns);
  await runList(instance, maskStateTable(name, masks));
}

const loadTypes: Readonly<Record<LoadColumn["type"], DuckDBType>> = {
  VARCHAR,
  DOUBLE,
  INTEGER,
  BOOLEAN,
  TIMESTAMP
};

function sliceValues(column: LoadColumn, start: number, count: number) {
  const part = Array.from(column.values.slice(start, start + count) as ArrayLike<string | number | boolean | null>);
  if (column.type !== "TIMESTAMP") return part;
  return part.map((ms) => (ms === null ? null : new DuckDBTimestampValue(BigInt(Math.round(Number(ms) * 1000)))));
}
