import { Fault } from "../model/fault.ts";

/** Which rows of a table, in which order. */
export interface WindowRequest {
  readonly offset: number;
  /** 1 to 10,000,000: maps read all their points at once. */
  readonly limit: number;
  /** A column, or null for the table's own order. */
  readonly sort: string | null;
  readonly descending: boolean;
  /** Characters of a text at most, 1 to 1,000,000; null sends texts whole. */
  readonly characters: number | null;
  /** Only these columns, in this order; all when empty. */
  readonly only: readonly string[];
}

/** What a window of rows says of itself beside its bytes: names of headers. */
export const windowHeaders = {
  /** Rows of the whole table. */
  rows: "x-rows",
  /** The table's own columns; columns after them say how long cut texts are. */
  columns: "x-columns",
  /** `true` when the window ended before all its rows because of their size. */
  cut: "x-cut"
} as const;

/** Name of the column of a window that says how many characters a text of another column has, null where it is whole. */
export const charactersColumn = (column: number): string => `characters_${column}`;

const formats = ["csv", "parquet", "arrow", "json"] as const;

/** @throws Fault `invalid` naming the field */
export function parseWindow(query: URLSearchParams): WindowRequest {
  const count = (name: string, fallback: number, least: number, most: number): number => {
    const value = query.get(name);
    if (value === null) return fallback;
    const number = Number(value);
    if (!Number.isInteger(number) || number < least || number > most)
      throw new Fault("invalid", `"${name}" is ${value}, not a whole number from ${least} to ${most}`);
    return number;
  };
  return {
    offset: count("offset", 0, 0, Number.MAX_SAFE_INTEGER),
    limit: count("limit", 200, 1, 10_000_000),
    sort: query.get("sort"),
    descending: query.get("descending") === "true",
    characters: query.has("characters") ? count("characters", 1, 1, 1_000_000) : null,
    only: query.getAll("column")
  };
}

/** @throws Fault `invalid` for a format that is none */
export function parseDownloadFormat(query: URLSearchParams): (typeof formats)[number] {
  const word = query.get("format") ?? "csv";
  const format = formats.find((name) => name === word);
  if (!format) throw new Fault("invalid", `the format "${word}" is none of ${formats.join(", ")}`);
  return format;
}
