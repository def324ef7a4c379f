import type { MeasuredScorer } from "./calibration.ts";
import type { CellKind, ParamValue } from "./cell.ts";
import type { FaultReport } from "./fault.ts";
import type { BusinessUnit } from "./scope.ts";
import type { ScoreSummary } from "./score.ts";
import type { Column } from "./table.ts";

/** One verdict of a check cell: a row with a name, a value and whether it passed. */
export interface Check {
  readonly name: string;
  readonly value: number | null;
  readonly threshold: number | null;
  /** Null when the check could not be decided (no rows, null value): neither pass nor fail, and the run is not green. */
  readonly pass: boolean | null;
  /** Sample size and 95 % interval where the cell gave `n`, `low`, `high`. */
  readonly n: number | null;
  readonly interval: readonly [number, number] | null;
}

/** A cluster of a map, as people see it. */
export interface Cluster {
  /** From 0, the largest first. */
  readonly id: number;
  /** Three to five describing words. */
  readonly label: string;
  readonly size: number;
  /** Share of the map, 0..1. */
  readonly share: number;
  /** Centre in map coordinates. */
  readonly x: number;
  readonly y: number;
  /** Trace ids nearest the centre, at most 5. */
  readonly representatives: readonly string[];
}

/** What a cell produced. Big answers stay in the kernel; this says what is there. */
export type CellResult =
  | { readonly kind: "prose" }
  | { readonly kind: "table"; readonly table: string; readonly columns: readonly Column[]; readonly rows: number }
  | { readonly kind: "scorer"; readonly version: string }
  | {
      readonly kind: "scores";
      readonly table: string;
      readonly columns: readonly Column[];
      readonly rows: number;
      readonly scorer: string;
      readonly scorerVersion: string;
      readonly summary: ScoreSummary;
    }
  | { readonly kind: "chart"; readonly reads: readonly string[] }
  | {
      readonly kind: "map";
      readonly table: string;
      readonly points: number;
      readonly clusters: readonly Cluster[];
      readonly noise: number;
      readonly seed: number;
      /** How the vectors were made: `built-in tf-idf+ppmi 256` or a model id. */
      readonly vectors: string;
    }
  | ({
      readonly kind: "calibration";
      readonly table: string;
      readonly columns: readonly Column[];
      readonly rows: number;
    } & MeasuredScorer)
  | {
      readonly kind: "checks";
      readonly table: string;
      readonly columns: readonly Column[];
      readonly rows: number;
      readonly checks: readonly Check[];
    };

/** Where a cell stands. */
export type CellState =
  | { readonly state: "idle" }
  | { readonly state: "waiting"; readonly for: readonly string[] }
  | {
      readonly state: "running";
      readonly done?: number;
      readonly total?: number;
      readonly step?: string;
      /** Where work goes on that was stopped before, in words. */
      readonly from?: string;
      readonly spentUsd?: number;
    }
  | {
      readonly state: "done";
      readonly result: CellResult;
      readonly durationMs: number;
      readonly notes: readonly string[];
    }
  | { readonly state: "failed"; readonly fault: FaultReport; readonly durationMs: number }
  | { readonly state: "blocked"; readonly by: readonly string[] }
  | { readonly state: "stopped" };

/** Whether all checks of a run passed. `broken`: a cell failed, so the checks do not speak for the workbook. */
export type Outcome = "running" | "passed" | "failed" | "broken" | "stopped";

/** What one cell of a run was and did. */
export interface RunCell {
  readonly key: string;
  readonly kind: CellKind;
  readonly text: string;
  readonly state: CellState;
}

/** One execution of a workbook and all that it stood on. */
export interface Run {
  readonly runId: string;
  readonly workbook: string;
  readonly title: string;
  readonly revision: number | null;
  readonly trigger: "page" | "command" | "schedule";
  /** Due instant of the occurrence in ms, for scheduled runs. */
  readonly occurrenceMs: number | null;
  readonly userId: string;
  /** What that person was in these units then, as `unit:role`; absent in runs from before roles were kept. */
  readonly roles?: readonly string[];
  readonly businessUnits: readonly BusinessUnit[];
  readonly snapshotId: number;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly seed: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly outcome: Outcome;
  /** Why it did not run to its end, in a sentence, where that is no cell's doing. */
  readonly ending?: string;
  readonly cells: readonly RunCell[];
  readonly checks: readonly Check[];
  /** Version of the program that ran it. */
  readonly engine: string;
}

/** A run without its cells, for lists. */
export type RunHead = Omit<Run, "cells">;

/** What a run says while it goes. `key` names the cell. */
export type RunEvent =
  | { readonly kind: "started"; readonly runId: string; readonly snapshotId: number; readonly keys: readonly string[] }
  | { readonly kind: "cell"; readonly key: string; readonly cell: CellState }
  | { readonly kind: "ended"; readonly runId: string; readonly outcome: Outcome; readonly checks: readonly Check[] };
