import type { Run } from "#lib/model/run.ts";
import type { Annotations } from "#lib/ports/annotations.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Compiler } from "#lib/ports/compiler.ts";
import type { Embedder } from "#lib/ports/embedder.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { MapBuilder } from "#lib/ports/map-builder.ts";
import type { Model } from "#lib/ports/model.ts";
import type { Runs } from "#lib/ports/runs.ts";
import type { Sandbox } from "#lib/ports/sandbox.ts";
import type { SqlParser } from "#lib/ports/sql-parser.ts";
import type { TestLooks } from "#lib/ports/test-looks.ts";
import type { Workbooks } from "#lib/ports/workbooks.ts";
import type { CellDoors, CellLimits } from "./cell-context.ts";
import type { KernelSessions, SessionLimits } from "./kernel-sessions.ts";
import type { ReadTrail } from "./read-trail.ts";
import type { Holds } from "./rights-watch.ts";
import type { WriteParquet } from "./table-download.ts";

/** Doors that the desk works through. */
export interface DeskDoors {
  readonly lake: Lake;
  readonly parser: SqlParser;
  readonly compiler: Compiler;
  readonly sandbox: Sandbox;
  readonly maps: Pick<MapBuilder, "build" | "prepare">;
  /** Without one, maps make their own vectors. */
  readonly embedder?: Embedder | null;
  /** Without one, no facet can be asked. */
  readonly model?: Model | null;
  readonly runs: Runs;
  readonly annotations: Annotations;
  readonly workbooks: Workbooks;
  readonly testLooks: TestLooks;
  /** Without it, nobody is told what cells read. */
  readonly reads?: ReadTrail;
  readonly clock: Clock;
  /** Version of the program. */
  readonly engine: string;
  /** Text of a scorer in `scorers/`; without it, only scorer cells are known. */
  readonly findScorer?: (name: string) => Promise<string | undefined>;
  /** Without it, tables cannot be taken away as Parquet. */
  readonly writeParquet?: WriteParquet;
}

/** Bounds on all that the desk does. */
export interface DeskLimits extends SessionLimits, CellLimits {
  /** Cells of one run at the same time. */
  readonly sideBySide: number;
}

/** What is decided beside the request itself. */
export interface RunOptions {
  readonly trigger: Run["trigger"];
  readonly revision: number | null;
  readonly occurrenceMs: number | null;
  /** Keeps the run, its scores and its report. A run of single cells is never kept. */
  readonly record: boolean;
  /** Chosen by the desk when absent. A run of that id that is still `running` is taken over. */
  readonly runId?: string;
  /** Asked before each cell, now and then while one goes, and before the run is kept; without it nobody asks. */
  readonly holds?: Holds;
}

/** Bounds where the one who opens the desk sets none. */
export const defaultLimits: DeskLimits = {
  kernels: 32,
  sessions: 200,
  memoryBytes: 3e9,
  kernelBytes: 1e9,
  tableRows: 10_000_000,
  scorerTimeoutMs: 5_000,
  scorerMemoryBytes: 512e6,
  sideBySide: 3
};

/** Seed of every run; a map cell may name its own. */
export const runSeed = 1;

/** What the parts of a desk share. */
export interface DeskParts {
  readonly doors: DeskDoors;
  readonly cellDoors: CellDoors;
  readonly limits: DeskLimits;
  readonly sessions: KernelSessions;
}
