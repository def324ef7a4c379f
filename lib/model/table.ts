/** A value SQL can be given or can give back, as JavaScript holds it. */
export type SqlValue = null | boolean | number | bigint | string;

/** One column of a table: its engine type (`VARCHAR`, `BIGINT`, `TIMESTAMP`, …). */
export interface Column {
  readonly name: string;
  readonly type: string;
}

/** A table that stays on the server: what the page needs to know before it reads a window. */
export interface TableInfo {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: number;
}
