import { wilsonInterval } from "#lib/math/wilson.ts";
import { Fault } from "#lib/model/fault.ts";
import type { CellResult, Check } from "#lib/model/run.ts";
import type { Column } from "#lib/model/table.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { type CellContext, type CellOutcome, refuseTooLong } from "./cell-context.ts";

/** Checks that one cell may make. */
const maxChecks = 1000;

/** Runs an sql cell: its answer becomes the table named like the cell. */
export async function runSqlCell(context: CellContext): Promise<CellOutcome> {
  const result = await makeTable(context);
  return { result: { kind: "table", ...result }, notes: [] };
}

/**
 * Runs a check cell: every row of its answer is one check.
 *
 * @throws Fault `invalid` when the answer has no `name` or `pass`, or a column of the wrong type
 */
export async function runCheckCell(context: CellContext): Promise<CellOutcome> {
  const table = await makeTable(context);
  const rows = await context.kernel.rows(
    `select ${checkColumns(context.cell.key, table.columns)} from ${quoteName(table.table)}`,
    {},
    maxChecks,
    context.signal
  );
  const checks = rows.length > 0 ? rows.map(readCheck) : [undecided(context.cell.key)];
  const notes = [
    ...(rows.length === 0 ? ["The answer has no rows, so the check is undecided."] : []),
    ...(table.rows > maxChecks ? [`Only the first ${maxChecks} rows are checks.`] : [])
  ];
  return { result: { kind: "checks", ...table, checks } satisfies CellResult, notes };
}

async function makeTable(context: CellContext) {
  const { kernel, cell, params, signal } = context;
  const info = await refuseTooLong(context, await kernel.materialise(cell.key, cell.text, params, signal));
  return { table: info.name, columns: info.columns, rows: info.rows };
}

function checkColumns(key: string, columns: readonly Column[]): string {
  const byName = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  for (const needed of ["name", "pass"]) {
    if (byName.has(needed)) continue;
    throw new Fault("invalid", `check "${key}" gives no column "${needed}"`, {
      hint: "A check selects name and pass, and where it can value, threshold, n, low and high."
    });
  }
  const pass = byName.get("pass")!;
  if (
    pass.type !== "BOOLEAN" &&
    pass.type !== "NULL" &&
    pass.type !== '"NULL"' &&
    pass.type !== "SQLNULL" &&
    pass.type !== "INTEGER"
  ) {
    throw new Fault("invalid", `"pass" of check "${key}" is ${pass.type}, not BOOLEAN`, {
      hint: "Write a comparison, such as avg(value) >= 0.9 as pass."
    });
  }
  const read = (name: string, type: string) => {
    const column = byName.get(name);
    return column ? `try_cast(${quoteName(column.name)} as ${type}) as ${name}` : `null::${type} as ${name}`;
  };
  return [
    read("name", "varchar"),
    read("pass", "boolean"),
    ...["value", "threshold", "n", "low", "high"].map((name) => read(name, "double"))
  ].join(", ");
}

function readCheck(row: Readonly<Record<string, unknown>>): Check {
  const number = (name: string) => (typeof row[name] === "number" && Number.isFinite(row[name]) ? row[name] : null);
  const [low, high] = [number("low"), number("high")];
  const [value, threshold, n] = [number("value"), number("threshold"), number("n")];
  return {
    name: String(row["name"] ?? "unnamed"),
    value,
    threshold,
    pass: typeof row["pass"] === "boolean" ? row["pass"] : null,
    n,
    interval: low === null || high === null ? shareInterval(value, threshold, n) : [low, high]
  };
}

/**
 * Wilson's 95 % interval of a value that is a share of `n`: a whole number of them, 0..1, and held against a
 * share. Of 0 and 1 alone one cannot tell a share from a count, so a threshold between them must say so.
 *
 * @returns null for any other value, whose interval only the cell's author knows
 */
function shareInterval(value: number | null, threshold: number | null, n: number | null): Check["interval"] {
  if (value === null || n === null || !Number.isInteger(n) || n < 1 || value < 0 || value > 1) return null;
  const inside = (share: number | null) => share !== null && share > 0 && share < 1;
  const count = Math.round(value * n);
  if (Math.abs(value * n - count) > 1e-6 || !(inside(value) || inside(threshold))) return null;
  return wilsonInterval(count, n);
}

function undecided(name: string): Check {
  return { name, value: null, threshold: null, pass: null, n: null, interval: null };
}
