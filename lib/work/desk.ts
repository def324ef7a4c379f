import type { ParamValue } from "#lib/model/cell.ts";
import { Fault, isFault, reportOf } from "#lib/model/fault.ts";
import type { CellState, Run, RunEvent } from "#lib/model/run.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Annotations } from "#lib/ports/annotations.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Compiler } from "#lib/ports/compiler.ts";
import type { ArrowAnswer, Kernel } from "#lib/ports/kernel.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { MapBuilder } from "#lib/ports/map-builder.ts";
import type { Runs } from "#lib/ports/runs.ts";
import type { Sandbox } from "#lib/ports/sandbox.ts";
import type { SqlParser } from "#lib/ports/sql-parser.ts";
import type { Workbooks } from "#lib/ports/workbooks.ts";
import type { KernelReply, ProfileReply, ReadReply, RunRequest, SelectionReply } from "#lib/wire/workbook.ts";
import { withNeeds } from "#lib/workbook/graph.ts";
import { nameKey } from "#lib/workbook/names.ts";
import { resolveParams } from "#lib/workbook/params.ts";
import { selectionName } from "#lib/workbook/parse-workbook.ts";
import type { CellDoors, CellLimits } from "./cell-context.ts";
import { listChoices } from "./choices.ts";
import { EventQueue } from "./event-queue.ts";
import { type KernelSession, KernelSessions, type SessionLimits } from "./kernel-sessions.ts";
import { type Polygon, selectPoints } from "./map-selection.ts";
import { readReply } from "./read-reply.ts";
import { type ReadText, readText } from "./read-text.ts";
import { formatReport } from "./report.ts";
import { collectReport } from "./report-material.ts";
import { beginRun, checksOf, endRun, outcomeOf } from "./run-record.ts";
import { freshKeys, runPass } from "./run-workbook.ts";
import { type DownloadFormat, downloadTable, type WriteParquet } from "./table-download.ts";
import { profileTable } from "./table-profile.ts";
import { readWindow, requireTable, type Window } from "./table-window.ts";

/** Doors that the desk works through. */
export interface DeskDoors {
  readonly lake: Lake;
  readonly parser: SqlParser;
  readonly compiler: Compiler;
  readonly sandbox: Sandbox;
  readonly maps: MapBuilder;
  readonly runs: Runs;
  readonly annotations: Annotations;
  readonly workbooks: Workbooks;
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
}

const defaultLimits: DeskLimits = {
  kernels: 8,
  sessions: 200,
  memoryBytes: 3e9,
  kernelBytes: 1e9,
  tableRows: 10_000_000,
  scorerTimeoutMs: 5_000,
  scorerMemoryBytes: 512e6,
  sideBySide: 3
};

/** Seed of every run; a map cell may name its own. */
const runSeed = 1;

/**
 * Open workbooks and the one way to run them: for the page, the command line and the schedule.
 *
 * Runs of one workbook go one after another. A request that covers everything a running one was asked
 * for stops that one; any other waits for it. Runs of the page share a session, so that results stay;
 * a command or a schedule gets a session of its own and leaves the page's alone. A run of `all` or
 * `stale` moves to the newest snapshot of the lake; single cells stay on the one that is open.
 */
export class Desk {
  readonly #doors: DeskDoors;
  readonly #cellDoors: CellDoors;
  readonly #limits: DeskLimits;
  readonly #sessions: KernelSessions;

  constructor(doors: DeskDoors, limits: Partial<DeskLimits> = {}) {
    this.#doors = doors;
    this.#cellDoors = { ...doors, findScorer: doors.findScorer ?? (async () => undefined) };
    this.#limits = { ...defaultLimits, ...limits };
    this.#sessions = new KernelSessions(doors.lake, this.#limits);
  }

  /** What a text means, without running it. A text that cannot be read is a fault of the reply. */
  async read(scope: Scope, slug: string, text: string): Promise<ReadReply> {
    try {
      const read = await readText(text, this.#doors.parser);
      const wanted = Object.values(read.workbook.params).some((spec) => spec.type === "choice");
      if (!wanted) return readReply(read, {});
      const session = this.#sessions.open(scope, slug);
      return readReply(read, await this.#choices(session, read));
    } catch (error) {
      if (!isFault(error)) throw error;
      const empty = { title: "", businessUnits: [], params: {}, choices: {}, schedule: null, cells: [] };
      return { ...empty, fault: reportOf(error) };
    }
  }

  /**
   * Runs cells and says what happens. Not reading on does not stop the run; the signal and `stop` do.
   * The loop throws a Fault when the run could not begin.
   */
  run(
    scope: Scope,
    slug: string,
    request: RunRequest,
    options: RunOptions,
    signal: AbortSignal
  ): AsyncIterable<RunEvent> {
    const events = new EventQueue<RunEvent>();
    this.#run(scope, slug, request, options, signal, events).then(
      () => events.end(),
      (error: unknown) => events.end(error)
    );
    return events;
  }

  /** Stops what runs and what waits on a workbook; resolves when it has ended. */
  async stop(scope: Scope, slug: string): Promise<void> {
    const session = this.#sessions.open(scope, slug);
    for (const abort of session.waiting) abort.abort();
    session.running?.abort.abort();
    await session.turn;
  }

  /** Where the cells of a workbook stand, so that a reload shows them. */
  async state(scope: Scope, slug: string): Promise<KernelReply> {
    const session = this.#sessions.open(scope, slug);
    const moved = session.seenSnapshotId !== null && session.seenSnapshotId !== (await this.#doors.lake.snapshotId());
    const held = [...session.cells].map(([key, { text, state }]) => [key, { text, cell: state }] as const);
    const live = [...session.live].map(([key, { text, state }]) => [key, { text, cell: state }] as const);
    return {
      running: session.running !== null,
      snapshotId: session.snapshotId,
      moved,
      cells: Object.fromEntries([...held, ...live])
    };
  }

  /** Rows of a cell's table as Arrow. @throws Fault `missing` when no cell made it */
  rows(scope: Scope, slug: string, table: string, window: Window): Promise<ArrowAnswer & { readonly total: number }> {
    return this.#withTable(scope, slug, table, async (kernel) =>
      readWindow(kernel, await requireTable(kernel, table), window)
    );
  }

  /** What is in each column of a cell's table. @throws Fault `missing` when no cell made it */
  profile(scope: Scope, slug: string, table: string): Promise<ProfileReply> {
    return this.#withTable(scope, slug, table, async (kernel) =>
      profileTable(kernel, await requireTable(kernel, table))
    );
  }

  /** A cell's table as one file. @throws Fault `missing` when no cell made it */
  download(
    scope: Scope,
    slug: string,
    table: string,
    format: DownloadFormat
  ): Promise<{ contentType: string; bytes: Uint8Array }> {
    return this.#withTable(scope, slug, table, async (kernel) =>
      downloadTable(kernel, await requireTable(kernel, table), format, this.#doors.writeParquet ?? null)
    );
  }

  /** Makes `<map>_selection` the points inside a polygon; cells that read it are stale afterwards. */
  select(scope: Scope, slug: string, map: string, polygon: Polygon): Promise<SelectionReply> {
    return this.#withTable(scope, slug, map, async (kernel, session) => {
      const held = [...session.cells].find(([key]) => nameKey(key) === nameKey(map));
      if (held?.[1].state.state !== "done" || held[1].state.result.kind !== "map") {
        throw new Fault("missing", `"${map}" is no map of this workbook`, { hint: "Run its map cell first." });
      }
      const [key] = held;
      const picking = session.picking.then(() => selectPoints(kernel, key, polygon));
      session.picking = picking.catch(() => undefined);
      const info = await picking;
      session.selections.set(key, { polygon, count: (session.selections.get(key)?.count ?? 0) + 1 });
      return { table: info.name, rows: info.rows };
    });
  }

  /** Stops everything and closes all kernels. */
  async close(): Promise<void> {
    const sessions = this.#sessions.list();
    for (const session of sessions) {
      for (const abort of session.waiting) abort.abort();
      session.running?.abort.abort();
    }
    await Promise.all(sessions.map(({ turn }) => turn));
    await this.#sessions.close();
  }

  async #run(
    scope: Scope,
    slug: string,
    request: RunRequest,
    options: RunOptions,
    signal: AbortSignal,
    events: EventQueue<RunEvent>
  ): Promise<void> {
    const read = await readText(request.text, this.#doors.parser);
    const runId = options.runId ?? this.#doors.clock.newId();
    const isPage = options.trigger === "page";
    const session = this.#sessions.open(scope, isPage ? slug : `${slug}#${runId}`);
    const keys = typeof request.cells === "string" ? read.workbook.cells.map(({ key }) => key) : request.cells;
    const unknown = keys.find((key) => !read.workbook.cells.some((cell) => cell.key === key));
    if (unknown !== undefined) throw new Fault("missing", `the workbook has no cell "${unknown}"`);
    const abort = new AbortController();
    const forward = () => abort.abort();
    signal.addEventListener("abort", forward, { once: true });
    if (signal.aborted) forward();
    if (session.running?.keys.every((key) => keys.includes(key))) session.running.abort.abort();
    session.waiting.add(abort);
    const before = session.turn;
    const work = (async () => {
      await before;
      session.waiting.delete(abort);
      session.running = { keys, abort };
      try {
        await this.#runInSession(session, slug, read, keys, request, { ...options, runId }, abort.signal, events);
      } finally {
        session.running = null;
        session.live.clear();
        signal.removeEventListener("abort", forward);
        if (!isPage) await this.#sessions.remove(session);
      }
    })();
    session.turn = work.catch(() => undefined);
    await work;
  }

  async #runInSession(
    session: KernelSession,
    slug: string,
    read: ReadText,
    asked: readonly string[],
    request: RunRequest,
    options: RunOptions & { readonly runId: string },
    signal: AbortSignal,
    events: EventQueue<RunEvent>
  ): Promise<void> {
    const { clock, runs, lake } = this.#doors;
    const startedAtMs = clock.nowMs();
    const params = this.#resolve(read, request.params, options.occurrenceMs ?? startedAtMs);
    await this.#enter(session, read, request.cells !== "all" && request.cells !== "stale");
    await this.#sessions.use(session, async (kernel) => {
      session.ground = { text: request.text, params, seed: runSeed };
      const fresh = await freshKeys(session, read, { params, seed: runSeed }, this.#cellDoors);
      const targets = request.cells === "stale" ? asked.filter((key) => !fresh.has(key)) : asked;
      const keys = withNeeds(read.graph, targets);
      const kept = options.record && request.cells === "all";
      const start = { ...options, slug, workbook: read.workbook, scope: session.kernelScope, params, startedAtMs };
      const run = beginRun({ ...start, snapshotId: kernel.snapshotId, seed: runSeed, engine: this.#doors.engine });
      if (kept) await this.#begin(session.scope, run);
      events.push({ kind: "started", runId: run.runId, snapshotId: kernel.snapshotId, keys });
      const newest = await lake.snapshotId();
      const finish = async (states: ReadonlyMap<string, CellState>, stopped: boolean) => {
        const ended = endRun(run, states, clock.nowMs(), stopped);
        if (kept) await runs.end(session.scope, ended, stopped ? null : await this.#report(ended, kernel));
        return ended;
      };
      const states = await runPass({
        doors: this.#cellDoors,
        session,
        kernel,
        read,
        keys,
        forced: new Set(request.cells === "stale" ? [] : targets),
        params,
        seed: runSeed,
        runId: kept ? run.runId : null,
        limits: this.#limits,
        sideBySide: this.#limits.sideBySide,
        signal,
        emit: (key, cell) => events.push({ kind: "cell", key, cell })
      }).catch(async (error: unknown) => {
        await finish(new Map(), true);
        throw error;
      });
      // Our own scores do not make our own results stale.
      if (kept && newest === session.seenSnapshotId) session.seenSnapshotId = await lake.snapshotId();
      const ended = await finish(states, signal.aborted);
      const checks = kept ? ended.checks : checksOf(states.values());
      const outcome = kept ? ended.outcome : outcomeOf([...states.values()], checks, signal.aborted);
      events.push({ kind: "ended", runId: run.runId, outcome, checks });
    });
  }

  #resolve(read: ReadText, given: Readonly<Record<string, ParamValue>>, nowMs: number) {
    return resolveParams(read.workbook, given, new Date(nowMs).toISOString().slice(0, 10));
  }

  /** Brings a session to the units and, unless single cells are asked, to the newest snapshot. */
  async #enter(session: KernelSession, read: ReadText, single: boolean): Promise<void> {
    const kernelScope = narrow(session.scope, read.workbook.businessUnits);
    const moved =
      !single && session.seenSnapshotId !== null && session.seenSnapshotId !== (await this.#doors.lake.snapshotId());
    const others = kernelScope.businessUnits.join() !== session.kernelScope.businessUnits.join();
    if (moved || others) await session.reset();
    session.kernelScope = kernelScope;
  }

  /** Records the beginning. A run of that id which never ended is taken over: its process died. */
  async #begin(scope: Scope, run: Run): Promise<void> {
    const earlier = await this.#doors.runs.find(scope, run.runId);
    if (!earlier) return this.#doors.runs.begin(scope, run);
    if (earlier.endedAtMs !== null) throw new Fault("conflict", `run ${run.runId} has ended already`);
  }

  /** The report of a run that has ended. */
  async #report(run: Run, kernel: Kernel): Promise<string> {
    const material = await collectReport(run, kernel, this.#doors.sandbox);
    return formatReport(run, material);
  }

  /** Work on a table of a session, which is made again first where its kernel was closed to make room. */
  async #withTable<T>(
    scope: Scope,
    slug: string,
    table: string,
    work: (kernel: Kernel, session: KernelSession) => Promise<T>
  ): Promise<T> {
    const session = this.#sessions.open(scope, slug);
    const owner = [...session.cells].find(
      ([key, { state }]) =>
        state.state === "done" && [key, selectionName(key)].some((name) => nameKey(name) === nameKey(table))
    )?.[0];
    if (owner === undefined || session.ground === null) {
      throw new Fault("missing", `there is no table "${table}" here`, { hint: "Run its cell first." });
    }
    // Whatever runs now makes its own tables; asking for one of them waits for its turn.
    if (!session.built.has(owner)) {
      const made = session.turn.then(() => this.#rebuild(session, owner));
      session.turn = made.catch(() => undefined);
      await made;
    }
    return this.#sessions.use(session, (kernel) => work(kernel, session));
  }

  /** Runs again, on the same snapshot, text and parameters, what a table needs. */
  async #rebuild(session: KernelSession, owner: string): Promise<void> {
    if (session.built.has(owner) || !session.ground) return;
    const { text, params, seed } = session.ground;
    const read = await readText(text, this.#doors.parser);
    await this.#sessions.use(session, async (kernel) => {
      await runPass({
        doors: this.#cellDoors,
        session,
        kernel,
        read,
        keys: withNeeds(read.graph, [owner]),
        forced: new Set(),
        params,
        seed,
        runId: null,
        limits: this.#limits,
        sideBySide: this.#limits.sideBySide,
        signal: new AbortController().signal,
        emit: () => undefined
      });
    });
  }

  /** Values to choose from; asked of the kernel once for one snapshot and one set of parameters. */
  async #choices(session: KernelSession, read: ReadText): Promise<Readonly<Record<string, readonly string[]>>> {
    return this.#sessions.use(session, async (kernel) => {
      const ground = JSON.stringify([kernel.snapshotId, session.kernelScope.businessUnits, read.workbook.params]);
      if (session.choices?.ground !== ground) {
        session.choices = { ground, values: await listChoices(kernel, read.workbook) };
      }
      return session.choices.values;
    });
  }
}

/** The units of a scope that a workbook names; all of them where it names none. @throws Fault `denied` */
function narrow(scope: Scope, units: readonly string[]): Scope {
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
