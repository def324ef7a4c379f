import type { Cell, ParamValue, Workbook } from "#lib/model/cell.ts";
import { Fault } from "#lib/model/fault.ts";
import type { CellResult, CellState } from "#lib/model/run.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { TableInfo } from "#lib/model/table.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Compiler } from "#lib/ports/compiler.ts";
import type { Embedder } from "#lib/ports/embedder.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { MapBasis, MapBuilder } from "#lib/ports/map-builder.ts";
import type { Model } from "#lib/ports/model.ts";
import type { Sandbox } from "#lib/ports/sandbox.ts";
import type { TestLooks } from "#lib/ports/test-looks.ts";
import type { ReadTrail } from "./read-trail.ts";

/** What a cell may do while it runs. */
export interface CellContext {
  readonly doors: CellDoors;
  readonly scope: Scope;
  readonly kernel: Kernel;
  readonly workbook: Workbook;
  readonly cell: Cell;
  /** Values of the parameters that the cell reads. */
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly seed: number;
  /** The run that keeps what is found; null for one that leaves no trace. */
  readonly runId: string | null;
  readonly limits: CellLimits;
  readonly signal: AbortSignal;
  progress(state: Omit<Extract<CellState, { state: "running" }>, "state">): void;
}

/** Doors that cells need. */
export interface CellDoors {
  readonly lake: Lake;
  readonly compiler: Compiler;
  readonly sandbox: Sandbox;
  readonly maps: Pick<MapBuilder, "build" | "prepare">;
  /** The model that vectors of maps come from; null where none is configured. */
  readonly embedder: Embedder | null;
  /** The model that facets are asked of; null where none is configured. */
  readonly model: Model | null;
  readonly testLooks: TestLooks;
  readonly reads?: ReadTrail;
  readonly clock: Clock;
  /** Text of a scorer in `scorers/`, by its name without ending; undefined where there is none. */
  readonly findScorer: (name: string) => Promise<string | undefined>;
}

/** Bounds on what one cell may take. */
export interface CellLimits {
  /** Rows a cell's table may have; a longer one is refused. */
  readonly tableRows: number;
  readonly scorerTimeoutMs: number;
  readonly scorerMemoryBytes: number;
}

/** What a cell produced, and what is worth saying beside it. */
export interface CellOutcome {
  readonly result: CellResult;
  readonly notes: readonly string[];
  /** Of a map: what it can be asked about again; points in the order of its table. */
  readonly basis?: MapBasis;
}

/** @throws Fault `limit` when the table is longer than a cell's may be; the table is dropped */
export async function refuseTooLong(context: CellContext, info: TableInfo): Promise<TableInfo> {
  const { tableRows } = context.limits;
  if (info.rows <= tableRows) return info;
  await context.kernel.drop(info.name);
  throw new Fault(
    "limit",
    `cell "${context.cell.key}" gives ${info.rows.toLocaleString("en")} rows, more than the ${tableRows.toLocaleString("en")} that a cell may hold`,
    { hint: "Filter, aggregate, or add a LIMIT." }
  );
}
