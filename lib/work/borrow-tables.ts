import type { Cell, ParamValue, Workbook } from "#lib/model/cell.ts";
import { Fault, faultOf } from "#lib/model/fault.ts";
import type { MapGround } from "#lib/model/kept-map.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { withNeeds } from "#lib/workbook/graph.ts";
import { nameKey } from "#lib/workbook/names.ts";
import { givenParams, resolveParams } from "#lib/workbook/params.ts";
import { type DeskParts, runSeed } from "./desk-doors.ts";
import { readText } from "./read-text.ts";
import { runPass } from "./run-workbook.ts";
import { narrowScope } from "./session-run.ts";

/** What is made of a workbook. */
export interface BorrowGround extends MapGround {
  /** Cells whose tables are wanted; all that the cell reads when absent. */
  readonly tables?: readonly string[];
}

/** What a cell reads, as it stands in a kernel of its own. */
export interface BorrowedTables {
  readonly kernel: Kernel;
  readonly workbook: Workbook;
  readonly cell: Cell;
  /** Values of the parameters that the cell reads. */
  readonly params: Readonly<Record<string, ParamValue>>;
}

/**
 * Makes what one cell of a workbook reads, on the newest snapshot, apart from every open workbook, and takes it
 * away when the work is done. Nothing is recorded.
 *
 * @throws Fault `missing` when the text has no such cell
 * @throws the Fault of a cell that failed on the way
 */
export async function borrowTables<T>(
  parts: DeskParts,
  scope: Scope,
  ground: BorrowGround,
  signal: AbortSignal,
  work: (tables: BorrowedTables) => Promise<T>
): Promise<T> {
  const read = await readText(ground.text, parts.doors.parser);
  const cell = read.workbook.cells.find(({ key }) => nameKey(key) === nameKey(ground.cell));
  if (!cell) throw new Fault("missing", `the workbook has no cell "${ground.cell}"`);
  const today = new Date(parts.doors.clock.nowMs()).toISOString().slice(0, 10);
  const params = resolveParams(read.workbook, ground.params, today);
  const session = parts.sessions.open(scope, `${ground.workbook}#${parts.doors.clock.newId()}`);
  session.kernelScope = narrowScope(scope, read.workbook.businessUnits);
  try {
    return await parts.sessions.use(session, async (kernel) => {
      const states = await runPass({
        doors: parts.cellDoors,
        session,
        kernel,
        read,
        keys: ground.tables
          ? withNeeds(read.graph, ground.tables)
          : withNeeds(read.graph, [cell.key]).filter((key) => key !== cell.key),
        forced: new Set(),
        params,
        given: givenParams(read.workbook.params, ground.params),
        seed: runSeed,
        runId: null,
        limits: parts.limits,
        sideBySide: parts.limits.sideBySide,
        signal,
        emit: () => undefined
      });
      signal.throwIfAborted();
      for (const state of states.values()) {
        if (state.state === "failed") throw faultOf(state.fault);
      }
      const own = (read.graph.params[cell.key] ?? []).map((name) => [name, params[name] ?? null] as const);
      return work({ kernel, workbook: read.workbook, cell, params: Object.fromEntries(own) });
    });
  } finally {
    await parts.sessions.remove(session);
  }
}
