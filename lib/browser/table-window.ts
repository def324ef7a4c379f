import { type DataType, Type, tableFromIPC } from "apache-arrow";
import { charactersColumn } from "#lib/wire/window.ts";

/** Characters of a cell that the table shows; the rest is behind "show all". */
export const shownCharacters = 300;

/** How a column is drawn. */
export type ColumnLook = "text" | "number" | "time" | "day" | "boolean" | "nested";

/** Some rows of a table that stays on the server. */
export interface TableWindow {
  readonly offset: number;
  readonly rows: number;
  /** Rows of the whole table. */
  readonly total: number;
  readonly names: readonly string[];
  readonly looks: readonly ColumnLook[];
  /** The value at a row of the window (from 0) and a column; undefined outside. Times are milliseconds since 1970 UTC. */
  value(row: number, column: number): unknown;
  /** Characters of a text of which the window holds only the beginning; null for a whole value. */
  characters(row: number, column: number): number | null;
}

/**
 * Reads Arrow IPC bytes; values are taken out only when they are asked for.
 *
 * @param own  the table's own columns; those after them say how long cut texts are. All of them when left out.
 */
export function openTable(bytes: Uint8Array, offset: number, total: number, own?: number): TableWindow {
  const table = tableFromIPC(bytes);
  const lengths = new Map(
    table.schema.fields
      .map(({ name }, at) => [name, table.getChildAt(at)] as const)
      .slice(own ?? Number.MAX_SAFE_INTEGER)
  );
  const columns = table.schema.fields.slice(0, own).map((field, at) => ({
    name: field.name,
    look: lookOf(field.type),
    vector: table.getChildAt(at)
  }));
  return {
    offset,
    rows: table.numRows,
    total,
    names: columns.map(({ name }) => name),
    looks: columns.map(({ look }) => look),
    // Arrow throws for a time beyond the last row, where other types give undefined.
    characters: (row, column) => {
      const found: unknown = row >= 0 && row < table.numRows ? lengths.get(charactersColumn(column))?.get(row) : null;
      return typeof found === "number" ? found : null;
    },
    value: (row, column) => (row >= 0 && row < table.numRows ? plain(columns[column]?.vector?.get(row)) : undefined)
  };
}

function lookOf(type: DataType): ColumnLook {
  switch (type.typeId) {
    case Type.Int:
    case Type.Float:
    case Type.Decimal:
      return "number";
    case Type.Timestamp:
      return "time";
    case Type.Date:
      return "day";
    case Type.Bool:
      return "boolean";
    case Type.List:
    case Type.FixedSizeList:
    case Type.Struct:
    case Type.Map:
      return "nested";
    default:
      return "text";
  }
}

/** Arrow's own objects as plain values; whole numbers too large for exactness stay bigint. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return value.getTime();
  return value;
}

/** One line of text for a value, cut after `shownCharacters`; a huge value costs no more than a short one. */
export function formatCell(value: unknown, look: ColumnLook): string {
  if (value === null || value === undefined) return "null";
  if (look === "time" && typeof value === "number") return new Date(value).toISOString().replace("T", " ").slice(0, 19);
  if (look === "day" && typeof value === "number") return new Date(value).toISOString().slice(0, 10);
  if (typeof value === "number") {
    return Number.isInteger(value)
      ? value.toLocaleString("en-US")
      : value.toLocaleString("en-US", { maximumSignificantDigits: 6 });
  }
  if (typeof value === "bigint") return value.toLocaleString("en-US");
  const text = typeof value === "string" ? value : formatFull(value);
  return text.slice(0, shownCharacters).replace(/\s+/g, " ");
}

/** The whole value as text, JSON for nested ones. */
export function formatFull(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return String(value);
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? Number(inner) : inner), 1) ?? "";
}
