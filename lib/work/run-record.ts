import type { ParamValue, Workbook } from "#lib/model/cell.ts";
import { everyUnit } from "#lib/model/rights.ts";
import type { CellState, Check, Outcome, Run } from "#lib/model/run.ts";
import type { Scope } from "#lib/model/scope.ts";

/** What is known of a run when it begins. */
export interface RunStart {
  readonly runId: string;
  readonly slug: string;
  readonly workbook: Workbook;
  readonly scope: Scope;
  readonly trigger: Run["trigger"];
  readonly revision: number | null;
  readonly occurrenceMs: number | null;
  readonly snapshotId: number;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly seed: number;
  readonly startedAtMs: number;
  readonly engine: string;
}

/** The record of a run that begins. */
export function beginRun(start: RunStart): Run {
  return {
    runId: start.runId,
    workbook: start.slug,
    title: start.workbook.title,
    revision: start.revision,
    trigger: start.trigger,
    occurrenceMs: start.occurrenceMs,
    userId: start.scope.userId,
    roles: rolesOf(start.scope),
    businessUnits: start.scope.businessUnits,
    snapshotId: start.snapshotId,
    params: start.params,
    seed: start.seed,
    startedAtMs: start.startedAtMs,
    endedAtMs: null,
    outcome: "running",
    cells: start.workbook.cells.map(({ key, kind, text }) => ({ key, kind, text, state: { state: "idle" } })),
    checks: [],
    engine: start.engine
  };
}

/** What somebody is in the units of a scope, as `unit:role`; those of every unit too. */
function rolesOf({ via, roles, businessUnits }: Scope): readonly string[] {
  const held = via?.roles ?? roles.map((role) => `${everyUnit}:${role}`);
  return held.filter((name) => [everyUnit, ...businessUnits].includes(name.slice(0, name.lastIndexOf(":"))));
}

/** The record of a run that has ended. */
export function endRun(run: Run, states: ReadonlyMap<string, CellState>, endedAtMs: number, stopped: boolean): Run {
  const cells = run.cells.map((cell) => ({ ...cell, state: states.get(cell.key) ?? cell.state }));
  const checks = checksOf(cells.map(({ state }) => state));
  const outcome = outcomeOf(
    cells.map(({ state }) => state),
    checks,
    stopped
  );
  return { ...run, cells, checks, outcome, endedAtMs };
}

/** Every check that cells made, in their order. */
export function checksOf(states: Iterable<CellState>): readonly Check[] {
  return [...states].flatMap((state) =>
    state.state === "done" && state.result.kind === "checks" ? state.result.checks : []
  );
}

/**
 * What a run as a whole found. `broken` when any cell failed or was blocked: the checks do not speak
 * for the workbook then. A check that is undecided is not green, so the run has `failed`.
 */
export function outcomeOf(states: readonly CellState[], checks: readonly Check[], stopped: boolean): Outcome {
  if (stopped || states.some(({ state }) => state === "stopped")) return "stopped";
  if (states.some(({ state }) => state === "failed" || state === "blocked")) return "broken";
  return checks.every(({ pass }) => pass === true) ? "passed" : "failed";
}
