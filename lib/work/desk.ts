import { Fault, isFault, reportOf } from "#lib/model/fault.ts";
import type { RunEvent } from "#lib/model/run.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Picked } from "#lib/model/selection.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { KernelReply, ProfileReply, ReadReply, RunRequest, SelectionReply } from "#lib/wire/workbook.ts";
import { withNeeds } from "#lib/workbook/graph.ts";
import { nameKey } from "#lib/workbook/names.ts";
import { selectionName } from "#lib/workbook/parse-workbook.ts";
import { type BorrowedTables, type BorrowGround, borrowTables } from "./borrow-tables.ts";
import { listChoices } from "./choices.ts";
import { type DeskDoors, type DeskLimits, type DeskParts, defaultLimits, type RunOptions } from "./desk-doors.ts";
import { EventQueue } from "./event-queue.ts";
import { type KernelSession, KernelSessions } from "./kernel-sessions.ts";
import { selectPoints } from "./map-selection.ts";
import { findAsking } from "./open-scorer.ts";
import { readReply } from "./read-reply.ts";
import { type ReadText, readText } from "./read-text.ts";
import type { Reading } from "./read-trail.ts";
import { runPass } from "./run-workbook.ts";
import { runInSession } from "./session-run.ts";
import { type DownloadFormat, downloadTable } from "./table-download.ts";
import { profileTable } from "./table-profile.ts";
import { readWindow, requireTable, type Window, type WindowAnswer } from "./table-window.ts";

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
  readonly #sessions: KernelSessions;
  readonly #parts: DeskParts;

  constructor(doors: DeskDoors, limits: Partial<DeskLimits> = {}) {
    const all = { ...defaultLimits, ...limits };
    const cellDoors = {
      ...doors,
      embedder: doors.embedder ?? null,
      model: doors.model ?? null,
      findScorer: doors.findScorer ?? (async () => undefined)
    };
    this.#doors = doors;
    this.#sessions = new KernelSessions(doors.lake, all);
    this.#parts = { doors, cellDoors, limits: all, sessions: this.#sessions };
  }

  /** What a text means, without running it. A text that cannot be read is a fault of the reply. */
  async read(scope: Scope, slug: string, text: string): Promise<ReadReply> {
    try {
      const read = await readText(text, this.#doors.parser);
      const wanted = Object.values(read.workbook.params).some((spec) => spec.type === "choice");
      const models = {
        vectors: this.#doors.embedder?.model ?? null,
        answers: this.#doors.model?.modelId ?? null
      };
      const asking = await findAsking(this.#parts.cellDoors, read);
      if (!wanted) return readReply(read, {}, models, asking);
      const session = this.#sessions.open(scope, slug);
      return readReply(read, await this.#choices(session, read), models, asking);
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
    await this.#sessions.renew(session);
    const moved = session.seenSnapshotId !== null && session.seenSnapshotId !== (await this.#doors.lake.snapshotId());
    const held = [...session.cells].map(
      ([key, { text, state, given }]) => [key, { text, cell: state, params: given }] as const
    );
    const live = [...session.live].map(([key, { text, state }]) => [key, { text, cell: state }] as const);
    return {
      running: session.running !== null,
      snapshotId: session.snapshotId,
      moved,
      cells: Object.fromEntries([...held, ...live])
    };
  }

  /** Rows of a cell's table as Arrow. @throws Fault `missing` when no cell made it */
  rows(scope: Scope, slug: string, table: string, window: Window): Promise<WindowAnswer> {
    return this.#withTable(scope, slug, table, async (kernel, session) => {
      const rows = await readWindow(kernel, await requireTable(kernel, table), window);
      await this.#doors.reads?.note(scope, readingOf("table.view", session, table));
      return rows;
    });
  }

  /** What is in each column of a cell's table. @throws Fault `missing` when no cell made it */
  profile(scope: Scope, slug: string, table: string): Promise<ProfileReply> {
    return this.#withTable(scope, slug, table, async (kernel, session) => {
      const profile = await profileTable(kernel, await requireTable(kernel, table));
      await this.#doors.reads?.note(scope, readingOf("table.view", session, table));
      return profile;
    });
  }

  /** A cell's table as one file. @throws Fault `missing` when no cell made it */
  download(
    scope: Scope,
    slug: string,
    table: string,
    format: DownloadFormat
  ): Promise<{ contentType: string; bytes: Uint8Array }> {
    return this.#withTable(scope, slug, table, async (kernel, session) => {
      const info = await requireTable(kernel, table);
      const file = await downloadTable(kernel, info, format, this.#doors.writeParquet ?? null);
      const facts = { format, rows: info.rows };
      await this.#doors.reads?.each(scope, { ...readingOf("table.download", session, table), facts });
      return file;
    });
  }

  /** Makes `<map>_selection` the points that were picked; cells that read it are stale afterwards. */
  select(scope: Scope, slug: string, map: string, picked: Picked): Promise<SelectionReply> {
    return this.withMap(scope, slug, map, async (kernel, key, session) => {
      const picking = session.picking.then(() => selectPoints(kernel, key, picked));
      session.picking = picking.catch(() => undefined);
      const info = await picking;
      session.selections.set(key, { picked, count: (session.selections.get(key)?.count ?? 0) + 1 });
      return { table: info.name, rows: info.rows };
    });
  }

  /** Work on what a cell reads, apart from the open workbooks; see `borrowTables`. */
  borrow<T>(
    scope: Scope,
    ground: BorrowGround,
    signal: AbortSignal,
    work: (tables: BorrowedTables) => Promise<T>
  ): Promise<T> {
    return borrowTables(this.#parts, scope, ground, signal, work);
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
        await runInSession(this.#parts, {
          session,
          slug,
          read,
          asked: keys,
          request,
          options: { ...options, runId },
          signal: abort.signal,
          events
        });
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

  /** Work on the points of a map cell: the table under the cell's key. @throws Fault `missing` where it has not run */
  withMap<T>(
    scope: Scope,
    slug: string,
    map: string,
    work: (kernel: Kernel, key: string, session: KernelSession) => Promise<T>
  ): Promise<T> {
    return this.#withTable(scope, slug, map, async (kernel, session) => {
      const held = [...session.cells].find(([key]) => nameKey(key) === nameKey(map));
      if (held?.[1].state.state !== "done" || held[1].state.result.kind !== "map") {
        throw new Fault("missing", `"${map}" is no map of this workbook`, { hint: "Run its map cell first." });
      }
      return work(kernel, held[0], session);
    });
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
    const { text, params, given, seed } = session.ground;
    const read = await readText(text, this.#doors.parser);
    await this.#sessions.use(session, async (kernel) => {
      await runPass({
        doors: this.#parts.cellDoors,
        session,
        kernel,
        read,
        keys: withNeeds(read.graph, [owner]),
        forced: new Set(),
        params,
        given,
        seed,
        runId: null,
        limits: this.#parts.limits,
        sideBySide: this.#parts.limits.sideBySide,
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

function readingOf(action: "table.view" | "table.download", session: KernelSession, table: string): Reading {
  return {
    action,
    object: { kind: "table", id: `${session.slug}/${table}` },
    units: session.kernelScope.businessUnits
  };
}
