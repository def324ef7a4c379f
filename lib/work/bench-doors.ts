import type { Scope } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Compiler } from "#lib/ports/compiler.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Model } from "#lib/ports/model.ts";
import type { Sandbox } from "#lib/ports/sandbox.ts";
import type { SqlParser } from "#lib/ports/sql-parser.ts";
import { withNeeds } from "#lib/workbook/graph.ts";
import { nameKey } from "#lib/workbook/names.ts";
import { tablesOf } from "#lib/workbook/parse-workbook.ts";
import type { BorrowedTables, BorrowGround } from "./borrow-tables.ts";
import { requireTraces } from "./cohort.ts";
import { readText } from "./read-text.ts";

/** What scorers are tried and compared with, apart from runs. */
export interface BenchDoors {
  readonly compiler: Compiler;
  readonly sandbox: Sandbox;
  /** Null where none is configured. */
  readonly model: Model | null;
  readonly parser: SqlParser;
  readonly clock: Clock;
  readonly borrow: <T>(
    scope: Scope,
    ground: BorrowGround,
    signal: AbortSignal,
    work: (tables: BorrowedTables) => Promise<T>
  ) => Promise<T>;
}

/** A table that a cell names, as it can be had without a run. */
export interface PlainTable {
  /** Quoted. */
  readonly table: string;
  readonly kernel: Kernel;
}

/**
 * Work on a table that a cell of a workbook names. Cells of SQL are run for it; what stands on scores or maps is not
 * made, since that takes as long and costs as much as a run.
 *
 * @param ground  its cell is the one that names the table
 * @returns undefined where the table stands on scores or maps
 */
export async function withPlainTable<T>(
  { parser, borrow }: Pick<BenchDoors, "parser" | "borrow">,
  scope: Scope,
  ground: BorrowGround,
  name: string,
  signal: AbortSignal,
  work: (plain: PlainTable, tables: BorrowedTables) => Promise<T>
): Promise<T | undefined> {
  const tables = await findPlain(parser, ground.text, name);
  if (tables === null) return undefined;
  return borrow(scope, { ...ground, tables }, signal, async (borrowed) =>
    work({ kernel: borrowed.kernel, table: await requireTraces(borrowed, name) }, borrowed)
  );
}

/** Keys of the cells to run for a table, none for a view of the lake; null where they are not SQL alone. */
async function findPlain(parser: SqlParser, text: string, name: string): Promise<readonly string[] | null> {
  const { workbook, graph } = await readText(text, parser);
  const owner = workbook.cells.find((cell) => tablesOf(cell).some((table) => nameKey(table) === nameKey(name)));
  if (!owner) return [];
  const needed = withNeeds(graph, [owner.key]);
  const isPlain = workbook.cells.every(({ key, kind }) => !needed.includes(key) || kind === "sql" || kind === "check");
  return isPlain ? [owner.key] : null;
}
