import { type DuckDBDataChunk, type DuckDBType, DuckDBTypeId, JSDuckDBValueConverter } from "@duckdb/node-api";

/** One row by column name. */
export type RowObject = Readonly<Record<string, unknown>>;

/** The rows of a chunk as objects; whole numbers as number where that is exact, days as `2026-11-24`. */
export function readObjects(
  chunk: DuckDBDataChunk,
  names: readonly string[],
  types: readonly DuckDBType[]
): readonly RowObject[] {
  const columns = names.map((_, index) => chunk.convertColumnValues(index, JSDuckDBValueConverter));
  return Array.from({ length: chunk.rowCount }, (_, row) =>
    Object.fromEntries(names.map((name, index) => [name, plain(columns[index]![row], types[index]!)]))
  );
}

function plain(value: unknown, type: DuckDBType): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value instanceof Date && type.typeId === DuckDBTypeId.DATE) return value.toISOString().slice(0, 10);
  if (Array.isArray(value)) return value.map((item: unknown) => (typeof item === "bigint" ? Number(item) : item));
  return value;
}
