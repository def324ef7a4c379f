import { type Table, Type, tableFromIPC } from "apache-arrow";

/** A table as chart code sees it: one plain object per row. */
export type ChartRows = readonly Readonly<Record<string, unknown>>[];

/**
 * An Arrow stream as rows for Plot: times and days become dates, 64-bit counts numbers.
 *
 * @param bytes  Arrow IPC stream
 */
export function readChartRows(bytes: Uint8Array): ChartRows {
  const table: Table = tableFromIPC(bytes);
  const columns = table.schema.fields.map((field, index) => {
    const vector = table.getChildAt(index)!;
    const isTime = field.type.typeId === Type.Timestamp || field.type.typeId === Type.Date;
    return { name: field.name, read: (row: number) => convert(vector.get(row), isTime) };
  });
  return Array.from({ length: table.numRows }, (_, row) =>
    Object.fromEntries(columns.map(({ name, read }) => [name, read(row)]))
  );
}

function convert(value: unknown, isTime: boolean): unknown {
  if (value === null || value === undefined) return null;
  if (isTime) return new Date(Number(value));
  return typeof value === "bigint" ? Number(value) : value;
}

/**
 * Runs the code of a chart cell: an expression, or statements that return, over `Plot` and tables by name.
 * Only ever called where code of people may run: in the sandbox, or in a frame without an origin.
 */
export function evaluateChart(code: string, plot: unknown, tables: Readonly<Record<string, ChartRows>>): unknown {
  const names = Object.keys(tables).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name));
  const values = names.map((name) => tables[name]);
  const body = code.trim().replace(/;\s*$/, "");
  let run: (...values: unknown[]) => unknown;
  try {
    run = new Function("Plot", ...names, `"use strict"; return (${body}\n);`) as typeof run;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    run = new Function("Plot", ...names, `"use strict"; ${code}`) as typeof run;
  }
  return run(plot, ...values);
}
