import { Fault } from "#lib/model/fault.ts";
import type { TableInfo } from "#lib/model/table.ts";
import type { ArrowAnswer, Kernel } from "#lib/ports/kernel.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { nameKey } from "#lib/workbook/names.ts";

/** Part of a table, in some order. */
export interface Window {
  readonly offset: number;
  readonly limit: number;
  /** A column; null leaves the table's own order. */
  readonly sort: string | null;
  readonly descending: boolean;
}

/** Rows at most in one window. */
export const maxWindowRows = 10_000;

/** @throws Fault `missing` */
export async function requireTable(kernel: Kernel, name: string): Promise<TableInfo> {
  const table = (await kernel.listTables()).find((candidate) => nameKey(candidate.name) === nameKey(name));
  if (!table) throw new Fault("missing", `there is no table "${name}" here`, { hint: "Run its cell first." });
  return table;
}

/** Rows of a window as Arrow, and how many the table has. @throws Fault `invalid` for an unknown sort column */
export async function readWindow(
  kernel: Kernel,
  table: TableInfo,
  window: Window
): Promise<ArrowAnswer & { readonly total: number }> {
  const limit = Math.max(0, Math.min(maxWindowRows, Math.trunc(window.limit)));
  const offset = Math.max(0, Math.trunc(window.offset));
  const sort = window.sort === null ? null : table.columns.find(({ name }) => name === window.sort);
  if (sort === undefined) {
    throw new Fault("invalid", `table "${table.name}" has no column "${window.sort}" to sort by`);
  }
  // Equal values keep the table's order, so that windows neither repeat nor lose a row.
  const hasRowId = table.columns.some(({ name }) => nameKey(name) === "rowid");
  const order = sort
    ? `order by ${quoteName(sort.name)} ${window.descending ? "desc" : "asc"} nulls last${hasRowId ? "" : ", rowid"}`
    : "";
  const sql = `select * from ${quoteName(table.name)} ${order} limit ${limit} offset ${offset}`;
  return { ...(await kernel.query(sql, {}, limit)), total: table.rows };
}
