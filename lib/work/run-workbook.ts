import type { Cell, ParamValue, Workbook } from "#lib/model/cell.ts";
import { Fault, reportOf } from "#lib/model/fault.ts";
import type { CellResult, CellState } from "#lib/model/run.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { parseScoreSettings } from "#lib/workbook/cell-settings.ts";
import { findChartNames } from "#lib/workbook/chart-names.ts";
import { fingerprint } from "#lib/workbook/fingerprint.ts";
import { cellVersions } from "#lib/workbook/graph.ts";
import { nameKey } from "#lib/workbook/names.ts";
import { isScorer, selectionName, tablesOf } from "#lib/workbook/parse-workbook.ts";
import { runCalibrationCell } from "./cell-calibration.ts";
import type { CellContext, CellDoors, CellLimits, CellOutcome } from "./cell-context.ts";
import { runJudgeCell } from "./cell-judge.ts";
import { runMapCell } from "./cell-map.ts";
import { runScoreCell, runScorerCell } from "./cell-score.ts";
import { runCheckCell, runSqlCell } from "./cell-sql.ts";
import type { KernelSession } from "./kernel-sessions.ts";
import { clearSelection, selectPoints } from "./map-selection.ts";
import type { ReadText } from "./read-text.ts";
import { hashText, type Reading } from "./read-trail.ts";
import { runCells } from "./run-cells.ts";

/** One pass over a session's cells. */
export interface Pass {
  readonly doors: CellDoors;
  readonly session: KernelSession;
  readonly kernel: Kernel;
  readonly read: ReadText;
  /** All that shall be fresh afterwards, in the order of `withNeeds`. */
  readonly keys: readonly string[];
  /** Cells that run even when they are fresh. */
  readonly forced: ReadonlySet<string>;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** The same parameters before relative days became days. */
  readonly given: Readonly<Record<string, ParamValue>>;
  readonly seed: number;
  readonly runId: string | null;
  readonly limits: CellLimits;
  readonly sideBySide: number;
  readonly signal: AbortSignal;
  emit(key: string, state: CellState): void;
  /** Asked before each cell; throws where the run may not go on. */
  mayGoOn?(): Promise<void>;
}

/** Runs the cells of a pass in the session's kernel and keeps what they gave. */
export async function runPass(pass: Pass): Promise<ReadonlyMap<string, CellState>> {
  const { session, read, keys } = pass;
  const cells = new Map(read.workbook.cells.map((cell) => [cell.key, cell]));
  await dropStrangers(session, pass.kernel, read.workbook);
  const files = await fileVersions(read.workbook, pass.doors);
  let versions = sessionVersions(session, read, pass, files);
  // A map that is made anew has no selection: its readers change, too, and must know before they run.
  // One that is only made again, its kernel having been closed, keeps it.
  for (const key of keys) {
    if (cells.get(key)?.kind !== "map" || stands(pass, key, versions)) continue;
    const held = session.selections.get(key);
    if (held?.picked) session.selections.set(key, { picked: null, count: held.count + 1 });
  }
  versions = sessionVersions(session, read, pass, files);
  return runCells({
    graph: read.graph,
    keys,
    signal: pass.signal,
    sideBySide: pass.sideBySide,
    fresh: (key) => (isFresh(pass, key, versions) ? session.cells.get(key)?.state : undefined),
    emit(key, state) {
      if (state.state === "running" || state.state === "waiting") {
        session.live.set(key, { text: cells.get(key)!.text, state });
      } else {
        session.live.delete(key);
        // Stopped before it began: what it gave before is still there.
        if (state.state === "stopped" && session.built.has(key)) return pass.emit(key, state);
        const version = state.state === "done" ? (versions[key] ?? "") : "";
        session.cells.set(key, { text: cells.get(key)!.text, version, state, given: pass.given });
      }
      pass.emit(key, state);
    },
    async runCell(key) {
      await pass.mayGoOn?.();
      return runOne(pass, cells.get(key)!);
    }
  });
}

/** Cells of a text whose result in the session still stands, by key. */
export async function freshKeys(
  session: KernelSession,
  read: ReadText,
  ground: { readonly params: Readonly<Record<string, ParamValue>>; readonly seed: number },
  doors: CellDoors
): Promise<ReadonlySet<string>> {
  const versions = sessionVersions(session, read, ground, await fileVersions(read.workbook, doors));
  return new Set(
    read.graph.order.filter((key) => {
      const held = session.cells.get(key);
      return held?.state.state === "done" && held.version === versions[key];
    })
  );
}

/** True when the result that is held is what running the cell would give again. */
function stands(pass: Pass, key: string, versions: Readonly<Record<string, string>>): boolean {
  const held = pass.session.cells.get(key);
  return !pass.forced.has(key) && held?.state.state === "done" && held.version === versions[key];
}

/** True when that result is still in the kernel, too. */
function isFresh(pass: Pass, key: string, versions: Readonly<Record<string, string>>): boolean {
  const cell = pass.read.workbook.cells.find((candidate) => candidate.key === key);
  if (!cell || !stands(pass, key, versions)) return false;
  return tablesOf(cell).length === 0 || pass.session.built.has(key);
}

function sessionVersions(
  session: KernelSession,
  read: ReadText,
  ground: { readonly params: Readonly<Record<string, ParamValue>>; readonly seed: number },
  files: Readonly<Record<string, string>>
): Readonly<Record<string, string>> {
  const selections = Object.fromEntries([...session.selections].map(([key, { count }]) => [key, count]));
  return cellVersions(read.workbook, read.graph, {
    params: ground.params,
    seed: ground.seed,
    snapshotId: session.snapshotId ?? 0,
    selections,
    files
  });
}

/** Versions of the scorers in files that score cells name. */
async function fileVersions(workbook: Workbook, doors: CellDoors): Promise<Readonly<Record<string, string>>> {
  const own = new Set(workbook.cells.filter(isScorer).map(({ key }) => nameKey(key)));
  const versions: Record<string, string> = {};
  for (const cell of workbook.cells) {
    if (cell.kind !== "score" || !/^scorer:/m.test(cell.text)) continue;
    const name = scorerNamed(cell);
    if (name === null || own.has(nameKey(name))) continue;
    versions[name] = fingerprint([(await doors.findScorer(name)) ?? ""]);
  }
  return versions;
}

/** Null for a cell that cannot be read: the graph has its fault already. */
function scorerNamed(cell: Cell): string | null {
  try {
    return parseScoreSettings(cell.text).scorer;
  } catch (error) {
    if (reportOf(error).code === "invalid") return null;
    throw error;
  }
}

/** Removes tables and results of cells that the text no longer has. */
async function dropStrangers(session: KernelSession, kernel: Kernel, workbook: Workbook): Promise<void> {
  const tables = new Set(workbook.cells.flatMap(tablesOf).map(nameKey));
  for (const { name } of await kernel.listTables()) if (!tables.has(nameKey(name))) await kernel.drop(name);
  const keys = new Set(workbook.cells.map(({ key }) => key));
  for (const held of [session.cells, session.bases]) {
    for (const key of held.keys()) if (!keys.has(key)) held.delete(key);
  }
}

async function runOne(pass: Pass, cell: Cell): Promise<CellState> {
  const { session, signal, doors, read } = pass;
  const startedAtMs = doors.clock.nowMs();
  const lasted = () => Math.max(0, doors.clock.nowMs() - startedAtMs);
  session.built.delete(cell.key);
  session.bases.delete(cell.key);
  const progress: CellContext["progress"] = (state) => {
    session.live.set(cell.key, { text: cell.text, state: { state: "running", ...state } });
    pass.emit(cell.key, { state: "running", ...state });
  };
  progress({});
  const params = Object.fromEntries(
    (read.graph.params[cell.key] ?? []).map((name) => [name, pass.params[name] ?? null] as const)
  );
  try {
    const { result, notes, basis } = await runByKind({
      doors,
      scope: session.kernelScope,
      kernel: pass.kernel,
      workbook: read.workbook,
      cell,
      params,
      seed: pass.seed,
      runId: pass.runId,
      limits: pass.limits,
      signal,
      progress
    });
    await doors.reads?.each(session.scope, await readingOf(pass, cell, result));
    session.built.add(cell.key);
    if (basis) session.bases.set(cell.key, basis);
    if (cell.kind === "map") await applySelection(session, pass.kernel, cell.key);
    return { state: "done", result, notes, durationMs: lasted() };
  } catch (error) {
    if (signal.aborted) return { state: "stopped" };
    return { state: "failed", fault: reportOf(error), durationMs: lasted() };
  }
}

/** What a cell read, as the audit trail tells it. */
async function readingOf({ session, runId }: Pass, cell: Cell, result: CellResult): Promise<Reading> {
  const isQuery = cell.kind === "sql" || cell.kind === "check";
  const counts = "rows" in result ? { rows: result.rows } : "points" in result ? { points: result.points } : {};
  return {
    action: isQuery ? "query.run" : "cell.run",
    object: { kind: isQuery ? "query" : "cell", id: await hashText(cell.text) },
    units: session.kernelScope.businessUnits,
    facts: { workbook: session.slug, cell: cell.key, kind: cell.kind, run: runId, ...counts }
  };
}

/** A map that was made again after its kernel was dropped gets the selection back that it had. */
async function applySelection(session: KernelSession, kernel: Kernel, map: string): Promise<void> {
  const picked = session.selections.get(map)?.picked;
  if (picked) await selectPoints(kernel, map, picked);
  else if (!(await kernel.listTables()).some(({ name }) => name === selectionName(map)))
    await clearSelection(kernel, map);
}

function runByKind(context: CellContext): Promise<CellOutcome> {
  const { cell } = context;
  switch (cell.kind) {
    case "sql":
      return runSqlCell(context);
    case "check":
      return runCheckCell(context);
    case "scorer":
      return runScorerCell(context);
    case "judge":
      return runJudgeCell(context);
    case "score":
      return runScoreCell(context);
    case "map":
      return runMapCell(context);
    case "calibration":
      return runCalibrationCell(context);
    case "chart":
      return runChartCell(context);
    case "prose":
      return Promise.resolve({ result: { kind: "prose" }, notes: [] });
    default:
      throw new Fault("invalid", `cell "${cell.key}" is of no known kind`, { detail: cell.kind satisfies never });
  }
}

/** A chart is drawn where it is seen: in the page, or in the report. Here it only learns what it reads. */
async function runChartCell({ cell, workbook, kernel }: CellContext): Promise<CellOutcome> {
  const known = workbook.cells.flatMap(tablesOf);
  const tables = new Set((await kernel.listTables()).map(({ name }) => name));
  const reads = findChartNames(cell.text, known).filter((name) => tables.has(name));
  return { result: { kind: "chart", reads }, notes: [] };
}
