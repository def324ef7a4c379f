import { Fault } from "#lib/model/fault.ts";
import type { TableInfo } from "#lib/model/table.ts";
import type { ArrowAnswer, Kernel } from "#lib/ports/kernel.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { charactersColumn } from "#lib/wire/window.ts";
import { nameKey } from "#lib/workbook/names.ts";

/** Part of a table, in some order. */
export interface Window {
  readonly offset: number;
  readonly limit: number;
  /** A column; null leaves the table's own order. */
  readonly sort: string | null;
  readonly descending: boolean;
  /** Characters of a text at most; texts are whole without it. */
  readonly characters?: number | null;
  /** Only these columns, in this order; all when left out or empty. */
  readonly only?: readonly string[];
}

/** The rows of a window, and of how many they are. */
export interface WindowAnswer extends ArrowAnswer {
  /** Rows of the whole table. */
  readonly total: number;
  /** The table's own columns. */
  readonly columns: number;
}

/** Rows at most in one window. */
export const maxWindowRows = 10_000;

/** Rows at most where the asker says which columns: a map reads the places of all its points in a few windows. */
export const maxNarrowRows = 1_000_000;

/** Bytes at most in one window, beyond its last row. */
export const maxWindowBytes = 16 * 2 ** 20;

/** Types whose values are short however they are written. */
const shortTypes =
  /^(BOOLEAN|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\([\d,]+\)|DATE|TIME.*|INTERVAL|UUID)$/;

/** @throws Fault `missing` */
export async function requireTable(kernel: Kernel, name: string): Promise<TableInfo> {
  const table = (await kernel.listTables()).find((candidate) => nameKey(candidate.name) === nameKey(name));
  if (!table) throw new Fault("missing", `there is no table "${name}" here`, { hint: "Run its cell first." });
  return table;
}

/**
 * Rows of a window as Arrow, and how many the table has. It ends early, with `cut`, when it reaches
 * `maxWindowBytes`. Where texts are cut, columns named by `charactersColumn` follow the table's own.
 *
 * @throws Fault `invalid` for an unknown column
 */
export async function readWindow(kernel: Kernel, whole: TableInfo, window: Window): Promise<WindowAnswer> {
  const isNarrow = window.only !== undefined && window.only.length > 0;
  const table = isNarrow ? { ...whole, columns: chooseColumns(whole, window.only) } : whole;
  const limit = Math.max(0, Math.min(isNarrow ? maxNarrowRows : maxWindowRows, Math.trunc(window.limit)));
  const offset = Math.max(0, Math.trunc(window.offset));
  const sort = window.sort === null ? null : whole.columns.find(({ name }) => name === window.sort);
  if (sort === undefined) {
    throw new Fault("invalid", `table "${table.name}" has no column "${window.sort}" to sort by`);
  }
  // Equal values keep the table's order, so that windows neither repeat nor lose a row.
  const hasRowId = whole.columns.some(({ name }) => nameKey(name) === "rowid");
  const order = sort
    ? `order by ${quoteName(sort.name)} ${window.descending ? "desc" : "asc"} nulls last${hasRowId ? "" : ", rowid"}`
    : "";
  const rows = `from ${quoteName(table.name)} ${order} limit ${limit} offset ${offset}`;
  // Cut outside, where only the rows of the window are left and the order is by whole values.
  const names = isNarrow ? table.columns.map(({ name }) => quoteName(name)).join(", ") : "*";
  const sql = window.characters
    ? cutTexts(table, window.characters, `(select ${names} ${rows})`)
    : `select ${names} ${rows}`;
  return {
    ...(await kernel.query(sql, {}, limit, undefined, maxWindowBytes)),
    total: table.rows,
    columns: table.columns.length
  };
}

function chooseColumns(table: TableInfo, only: readonly string[]): TableInfo["columns"] {
  return only.map((asked) => {
    const found = table.columns.find(({ name }) => name === asked);
    if (!found) throw new Fault("invalid", `table "${table.name}" has no column "${asked}"`);
    return found;
  });
}

function cutTexts(table: TableInfo, characters: number, source: string): string {
  const own: string[] = [];
  const lengths: string[] = [];
  for (const [index, { name, type }] of table.columns.entries()) {
    const column = quoteName(name);
    if (shortTypes.test(type)) {
      own.push(column);
      continue;
    }
    const nested = /(\]$|^STRUCT|^MAP|^UNION)/.test(type);
    const text = nested ? `to_json(${column})::varchar` : `${column}::varchar`;
    own.push(`left(${text}, ${characters}) as ${column}`);
    lengths.push(
      `case when length(${text}) > ${characters} then length(${text})::double end as ${charactersColumn(index)}`
    );
  }
  return `select ${[...own, ...lengths].join(", ")} from ${source}`;
}
