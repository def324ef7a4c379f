import type { ParamValue } from "#lib/model/cell.ts";
import { Fault } from "#lib/model/fault.ts";
import type { CellState, Run, RunEvent } from "#lib/model/run.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { RunRequest } from "#lib/wire/workbook.ts";
import { withNeeds } from "#lib/workbook/graph.ts";
import { givenParams, resolveParams } from "#lib/workbook/params.ts";
import { type DeskParts, type RunOptions, runSeed } from "./desk-doors.ts";
import type { EventQueue } from "./event-queue.ts";
import type { KernelSession } from "./kernel-sessions.ts";
import type { ReadText } from "./read-text.ts";
import { formatReport } from "./report.ts";
import { collectReport } from "./report-material.ts";
import { lostRight, RightsWatch } from "./rights-watch.ts";
import { beginRun, checksOf, endRun, outcomeOf } from "./run-record.ts";
import { freshKeys, runPass } from "./run-workbook.ts";

/** One run that has its turn. */
export interface SessionRun {
  readonly session: KernelSession;
  readonly slug: string;
  readonly read: ReadText;
  /** Cells asked for. */
  readonly asked: readonly string[];
  readonly request: RunRequest;
  readonly options: RunOptions & { readonly runId: string };
  readonly signal: AbortSignal;
  readonly events: EventQueue<RunEvent>;
}

/** Runs what was asked for in a session, says what happens, and records it where it is to be kept. */
export async function runInSession(parts: DeskParts, ask: SessionRun): Promise<void> {
  const { session, slug, read, asked, request, options, events } = ask;
  const { clock, runs, lake } = parts.doors;
  const watch = new RightsWatch(options.holds ?? (async () => true), () => clock.nowMs());
  const signal = AbortSignal.any([ask.signal, watch.signal]);
  const startedAtMs = clock.nowMs();
  const params = resolve(read, request.params, options.occurrenceMs ?? startedAtMs);
  const given = givenParams(read.workbook.params, request.params);
  await enter(parts, session, read, request.cells !== "all" && request.cells !== "stale");
  await parts.sessions.use(session, async (kernel) => {
    session.ground = { text: request.text, params, given, seed: runSeed };
    const fresh = await freshKeys(session, read, { params, seed: runSeed }, parts.cellDoors);
    // What is fresh stands on these parameters, too, however they were written.
    for (const key of fresh) session.cells.set(key, { ...session.cells.get(key)!, given });
    const targets = request.cells === "stale" ? asked.filter((key) => !fresh.has(key)) : asked;
    const keys = withNeeds(read.graph, targets);
    const kept = options.record && request.cells === "all";
    const start = { ...options, slug, workbook: read.workbook, scope: session.kernelScope, params, startedAtMs };
    const run = beginRun({ ...start, snapshotId: kernel.snapshotId, seed: runSeed, engine: parts.doors.engine });
    if (kept) await begin(parts, session.scope, run);
    events.push({ kind: "started", runId: run.runId, snapshotId: kernel.snapshotId, keys });
    const newest = await lake.snapshotId();
    const kinds = new Map(read.workbook.cells.map(({ key, kind }) => [key, kind]));
    const finish = async (states: ReadonlyMap<string, CellState>, isStopped: boolean) => {
      if (!isStopped) await watch.require(session.kernelScope).catch(ignoreLoss(watch));
      const stopped = isStopped || watch.isLost;
      const ended = {
        ...endRun(run, states, clock.nowMs(), stopped),
        ...(watch.isLost ? { ending: lostRight(session.kernelScope).message } : {})
      };
      if (kept) await runs.end(session.scope, ended, stopped ? null : await report(parts, ended, kernel));
      return ended;
    };
    const states = await runPass({
      doors: parts.cellDoors,
      session,
      kernel,
      read,
      keys,
      forced: new Set(request.cells === "stale" ? [] : targets),
      params,
      given,
      seed: runSeed,
      runId: kept ? run.runId : null,
      limits: parts.limits,
      sideBySide: parts.limits.sideBySide,
      signal,
      mayGoOn: () => watch.require(session.kernelScope),
      emit(key, cell) {
        watch.look(session.kernelScope);
        events.push({ kind: "cell", key, cell });
      }
    }).catch(async (error: unknown) => {
      await finish(new Map(), true);
      throw error;
    });
    // Our own scores and vectors do not make our own results stale.
    const asksModel = parts.cellDoors.embedder !== null && keys.some((key) => kinds.get(key) === "map");
    if ((kept || asksModel) && newest === session.seenSnapshotId) session.seenSnapshotId = await lake.snapshotId();
    const ended = await finish(states, signal.aborted);
    if (watch.isLost) throw lostRight(session.kernelScope);
    const checks = kept ? ended.checks : checksOf(states.values());
    const outcome = kept ? ended.outcome : outcomeOf([...states.values()], checks, signal.aborted);
    events.push({ kind: "ended", runId: run.runId, outcome, checks });
  });
}

/** A right that is gone is no failure of what looked for it: the run ends as stopped. */
function ignoreLoss(watch: RightsWatch) {
  return (error: unknown): void => {
    if (!watch.isLost) throw error;
  };
}

function resolve(read: ReadText, given: Readonly<Record<string, ParamValue>>, nowMs: number) {
  return resolveParams(read.workbook, given, new Date(nowMs).toISOString().slice(0, 10));
}

/** Brings a session to the units and, unless single cells are asked, to the newest snapshot. */
async function enter(parts: DeskParts, session: KernelSession, read: ReadText, single: boolean): Promise<void> {
  const kernelScope = narrowScope(session.scope, read.workbook.businessUnits);
  const moved =
    !single && session.seenSnapshotId !== null && session.seenSnapshotId !== (await parts.doors.lake.snapshotId());
  const others = kernelScope.businessUnits.join() !== session.kernelScope.businessUnits.join();
  if (moved || others) await session.reset();
  session.kernelScope = kernelScope;
}

/** Records the beginning. A run of that id which never ended is taken over: its process died. */
async function begin(parts: DeskParts, scope: Scope, run: Run): Promise<void> {
  const earlier = await parts.doors.runs.find(scope, run.runId);
  if (!earlier) return parts.doors.runs.begin(scope, run);
  if (earlier.endedAtMs !== null) throw new Fault("conflict", `run ${run.runId} has ended already`);
}

/** The report of a run that has ended. */
async function report(parts: DeskParts, run: Run, kernel: Kernel): Promise<string> {
  const material = await collectReport(run, kernel, parts.doors.sandbox);
  return formatReport(run, material);
}

/** The units of a scope that a workbook names; all of them where it names none. @throws Fault `denied` */
export function narrowScope(scope: Scope, units: readonly string[]): Scope {
  if (units.length === 0) return scope;
  const businessUnits = scope.businessUnits.filter((unit) => units.includes(unit));
  if (businessUnits.length > 0) return { ...scope, businessUnits };
  throw new Fault(
    "denied",
    `the workbook is about ${units.join(", ")}, which you do not see or the lake does not hold`,
    {
      hint: `There are: ${scope.businessUnits.join(", ") || "none"}.`
    }
  );
}
