import type { ParamValue } from "#lib/model/cell.ts";
import { isFault } from "#lib/model/fault.ts";
import type { CellState } from "#lib/model/run.ts";
import { type Scope, scopeKey } from "#lib/model/scope.ts";
import type { Picked } from "#lib/model/selection.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { MapBasis } from "#lib/ports/map-builder.ts";

/** A result that a session holds for a cell. */
export interface HeldCell {
  readonly text: string;
  /** What `cellVersions` said when it was made. */
  readonly version: string;
  readonly state: CellState;
  /** Every parameter as it was given or defaulted; a relative day stays relative. */
  readonly given: Readonly<Record<string, ParamValue>>;
}

/** What was last picked on a map. */
export interface HeldSelection {
  /** Null when nothing is picked. */
  readonly picked: Picked | null;
  /** Grows with every change. */
  readonly count: number;
}

/** What the tables of a session were made from; enough to make them again. */
export interface SessionGround {
  readonly text: string;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** The same parameters before relative days became days. */
  readonly given: Readonly<Record<string, ParamValue>>;
  readonly seed: number;
}

/** One open workbook of one person in one scope: its kernel, what the cells gave, what runs. */
export class KernelSession {
  /** Whose session it is, and how they came in last. */
  scope: Scope;
  readonly slug: string;
  /** Units that the kernel sees: the scope's, or those of them that the workbook names. */
  kernelScope: Scope;
  kernel: Kernel | null = null;
  /** Snapshot that the results stand on; null before the first run. */
  snapshotId: number | null = null;
  /** Newest snapshot that holds nothing but what `snapshotId` held and our own scores. */
  seenSnapshotId: number | null = null;
  /** Rules by which the kernel that was opened last hides what units hide; null before the first. */
  maskKey: string | null = null;
  ground: SessionGround | null = null;
  readonly cells = new Map<string, HeldCell>();
  /** Cells whose tables are in the kernel that is open now. */
  readonly built = new Set<string>();
  readonly selections = new Map<string, HeldSelection>();
  /** What the maps among these cells can be asked about again. */
  readonly bases = new Map<string, MapBasis>();
  /** Where cells stand that run or wait now. */
  readonly live = new Map<string, { readonly text: string; readonly state: CellState }>();
  /** What runs now, and what waits for it. */
  running: { readonly keys: readonly string[]; readonly abort: AbortController } | null = null;
  /** Settles when all that was asked for so far has ended. */
  turn: Promise<void> = Promise.resolve();
  /** Aborts all that waits for its turn. */
  readonly waiting = new Set<AbortController>();
  /** Settles when the selections asked for so far are made. */
  picking: Promise<unknown> = Promise.resolve();
  /** Values that the workbook's choices offered last, and what they were asked of. */
  choices: { readonly ground: string; readonly values: Readonly<Record<string, readonly string[]>> } | null = null;
  /** Work that needs the kernel now; while there is any, it is not closed. */
  users = 0;
  lastUse = 0;
  /** What the kernel held in memory after its last use. */
  memoryBytes = 0;

  constructor(scope: Scope, slug: string) {
    this.scope = scope;
    this.slug = slug;
    this.kernelScope = scope;
  }

  /** Closes the kernel; what the cells gave stays known. */
  async closeKernel(): Promise<void> {
    const { kernel } = this;
    this.kernel = null;
    this.memoryBytes = 0;
    this.built.clear();
    this.bases.clear();
    await kernel?.close();
  }

  /** Forgets results and closes the kernel: the next run begins from nothing. */
  async reset(): Promise<void> {
    this.cells.clear();
    this.selections.clear();
    this.snapshotId = null;
    this.seenSnapshotId = null;
    this.maskKey = null;
    await this.closeKernel();
  }
}

/** Bounds on what sessions may hold together. */
export interface SessionLimits {
  /** Kernels open at once. */
  readonly kernels: number;
  /** Bytes that all kernels may hold in memory; the least recently used idle ones are closed beyond. */
  readonly memoryBytes: number;
  /** Bytes that one kernel may take before it spills. */
  readonly kernelBytes: number;
  /** Workbooks whose results are remembered, with or without a kernel. */
  readonly sessions: number;
}

/**
 * The open workbooks. A kernel is opened when first needed. Beyond the limits the least recently used
 * idle kernel is closed; the session remembers its text, parameters, seed, snapshot and selections, so
 * that its tables can be made again, equal, when someone asks for one.
 */
export class KernelSessions {
  readonly #sessions = new Map<string, KernelSession>();
  readonly #lake: Lake;
  readonly #limits: SessionLimits;
  #uses = 0;

  constructor(lake: Lake, limits: SessionLimits) {
    this.#lake = lake;
    this.#limits = limits;
  }

  /** The session of a workbook; made when there is none. */
  open(scope: Scope, slug: string): KernelSession {
    const key = sessionKey(scope, slug);
    let session = this.#sessions.get(key);
    if (!session) {
      session = new KernelSession(scope, slug);
      this.#sessions.set(key, session);
    }
    session.scope = scope;
    session.lastUse = ++this.#uses;
    return session;
  }

  /** Runs work on a session's kernel, which stays open meanwhile; opened at `snapshotId` where it is not. */
  async use<T>(session: KernelSession, work: (kernel: Kernel) => Promise<T>): Promise<T> {
    session.users++;
    session.lastUse = ++this.#uses;
    try {
      await this.renew(session);
      session.kernel ??= await this.#openKernel(session);
      return await work(session.kernel);
    } finally {
      session.users--;
      await this.#trim(session);
    }
  }

  /** Forgets what a session holds from before its units hid what they hide now. */
  async renew(session: KernelSession): Promise<void> {
    if (session.maskKey === null) return;
    if (session.maskKey !== (await this.#lake.maskKey(session.kernelScope))) await session.reset();
  }

  /** Closes a session and forgets it. */
  async remove(session: KernelSession): Promise<void> {
    this.#sessions.delete(sessionKey(session.scope, session.slug));
    await session.closeKernel();
  }

  /** Every session there is. */
  list(): readonly KernelSession[] {
    return [...this.#sessions.values()];
  }

  async close(): Promise<void> {
    for (const session of [...this.#sessions.values()]) await this.remove(session);
  }

  #opening = new Map<KernelSession, Promise<Kernel>>();

  /** Two who ask at once get the same kernel. */
  #openKernel(session: KernelSession): Promise<Kernel> {
    const opening =
      this.#opening.get(session) ??
      this.#lake
        .openKernel(session.kernelScope, {
          memoryLimitBytes: this.#limits.kernelBytes,
          ...(session.snapshotId === null ? {} : { snapshotId: session.snapshotId })
        })
        .then((kernel) => {
          session.snapshotId = kernel.snapshotId;
          session.maskKey = kernel.maskKey;
          session.seenSnapshotId ??= kernel.snapshotId;
          return kernel;
        })
        .finally(() => this.#opening.delete(session));
    this.#opening.set(session, opening);
    return opening;
  }

  async #trim(used: KernelSession): Promise<void> {
    // One that nobody uses does not grow.
    if (used.users === 0) used.memoryBytes = await memoryOf(used);
    const idle = this.list()
      .filter(({ users }) => users === 0)
      .sort((a, b) => a.lastUse - b.lastUse);
    const open = idle.filter(({ kernel }) => kernel !== null);
    // The one just used stays, however large: closing it would make every request rebuild it.
    const spare = open.slice(0, -1);
    if (spare.length > 0) {
      let count = this.list().filter(({ kernel }) => kernel !== null).length;
      let bytes = open.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
      for (const session of spare) {
        if (count <= this.#limits.kernels && bytes <= this.#limits.memoryBytes) break;
        if (session.users > 0) continue;
        count--;
        bytes -= session.memoryBytes;
        await session.closeKernel();
      }
    }
    const surplus = this.#sessions.size - this.#limits.sessions;
    for (const session of idle.slice(0, Math.max(0, surplus))) await this.remove(session);
  }
}

/** Two people never share a session, nor does one whose units have changed: what was read with others is not shown. */
function sessionKey(scope: Scope, slug: string): string {
  return JSON.stringify([scope.userId, scopeKey(scope), slug]);
}

async function memoryOf({ kernel }: KernelSession): Promise<number> {
  try {
    return (await kernel?.usage())?.memoryBytes ?? 0;
  } catch (error) {
    // Another request may have closed it since; then it holds nothing.
    if (isFault(error)) return 0;
    throw error;
  }
}
