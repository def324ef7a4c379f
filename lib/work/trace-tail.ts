import { Fault } from "#lib/model/fault.ts";
import { type Scope, scopeKey } from "#lib/model/scope.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { TraceFilter } from "#lib/wire/trace-filter.ts";
import type { LiveEvent } from "#lib/wire/traces.ts";
import { ArrivedTraces } from "./arrived-traces.ts";
import type { TraceBrowser } from "./trace-browser.ts";

/** Between two looks at the lake, however many listen. */
const lookMs = 100;
const defaultMostListeners = 32;
/** What a tail is read with. */
export interface TraceTailDoors {
  readonly lake: Pick<Lake, "snapshotId" | "maskKey" | "openArrivals">;
  readonly traces: Pick<TraceBrowser, "listThese" | "use">;
  pause(ms: number): Promise<void>;
}

/** What came after one snapshot and up to another. */
interface Held {
  readonly newest: number;
  readonly reading: Promise<ArrivedTraces>;
  /** Who may ask for it, the tail itself included; the last who leaves closes it. */
  users: number;
}

/**
 * Tells listeners what comes into the lake. Programs send to another thread with a lake of its own, so only the
 * catalog knows of it: while somebody listens, one look at it every tenth of a second serves all.
 */
export class TraceTail {
  readonly #doors: TraceTailDoors;
  readonly #mostListeners: number;
  #listeners = 0;
  #look: Promise<number> | null = null;
  /** What came since a snapshot, for those of one scope who all stand at the same. */
  readonly #held = new Map<string, Held>();

  constructor(doors: TraceTailDoors, mostListeners = defaultMostListeners) {
    this.#doors = doors;
    this.#mostListeners = mostListeners;
  }

  /**
   * Traces of a filter as they come, from a snapshot on; ends when the signal is aborted.
   *
   * @param since  `snapshotId` of the list or of the last event that was heard
   * @throws Fault `limit` when too many listen already
   */
  async listen(
    scope: Scope,
    filter: TraceFilter,
    since: number,
    signal: AbortSignal
  ): Promise<AsyncGenerator<LiveEvent>> {
    if (this.#listeners >= this.#mostListeners) {
      throw new Fault("limit", `${this.#mostListeners} lists are live already`, {
        hint: "Switch live off in another window."
      });
    }
    this.#listeners++;
    return this.#tell(scope, filter, since, signal);
  }

  async *#tell(scope: Scope, filter: TraceFilter, since: number, signal: AbortSignal): AsyncGenerator<LiveEvent> {
    let last = since;
    try {
      let newest = await this.#doors.lake.snapshotId();
      // What the first trace needs is there before it comes.
      if (newest === last) await this.#readEvent(scope, filter, last, newest, signal);
      while (!signal.aborted) {
        if (newest > last) {
          const event = await this.#readEvent(scope, filter, last, newest, signal);
          last = event.snapshotId;
          if (signal.aborted) return;
          yield event;
        }
        newest = await this.#nextLook();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#listeners--;
      if (this.#listeners === 0) this.#forget(Number.POSITIVE_INFINITY);
    }
  }

  /** The newest snapshot after a pause; all who wait share it. */
  #nextLook(): Promise<number> {
    this.#look ??= this.#doors
      .pause(lookMs)
      .then(() => this.#doors.lake.snapshotId())
      .finally(() => {
        this.#look = null;
      });
    return this.#look;
  }

  async #readEvent(
    scope: Scope,
    filter: TraceFilter,
    since: number,
    newest: number,
    signal: AbortSignal
  ): Promise<LiveEvent> {
    const held = this.#hold(scope, since, newest, await this.#doors.lake.maskKey(scope));
    try {
      const arrived = await held.reading;
      const traces = arrived.tells(filter)
        ? await arrived.list(filter, signal)
        : await this.#doors.traces.listThese(scope, filter, arrived.traces ?? [], signal);
      return {
        snapshotId: Math.max(newest, arrived.snapshotId),
        traces,
        isFlood: arrived.traces === null
      };
    } finally {
      leave(held);
    }
  }

  /** What came after a snapshot, for one more user, who leaves. */
  #hold(scope: Scope, since: number, newest: number, maskKey: string): Held {
    const key = `${since} ${newest} ${scopeKey(scope)} ${maskKey}`;
    const known = this.#held.get(key);
    if (known) {
      known.users++;
      return known;
    }
    this.#forget(newest);
    const reading = this.#read(scope, since, newest);
    const held: Held = { newest, reading, users: 2 };
    this.#held.set(key, held);
    reading.catch(() => this.#held.delete(key));
    return held;
  }

  /** Lets go of what came up to earlier snapshots. */
  #forget(newest: number): void {
    for (const [key, held] of this.#held) {
      if (held.newest >= newest) continue;
      this.#held.delete(key);
      leave(held);
    }
  }

  async #read(scope: Scope, since: number, newest: number): Promise<ArrivedTraces> {
    const arrivals = await this.#doors.lake.openArrivals(scope, since);
    // The rest of the lake is opened meanwhile where it will be asked; where that fails, the asking says so.
    if (!arrivals?.areWhole) this.#doors.traces.use(scope, async () => undefined).catch(() => undefined);
    return ArrivedTraces.read(arrivals, newest);
  }
}

/** Nobody waits for the end of what nobody asks any more; where it could not be read there is nothing to close. */
function leave(held: Held): void {
  held.users--;
  if (held.users > 0) return;
  held.reading
    .then(
      (arrived) => arrived.close(),
      () => undefined
    )
    .catch((error: unknown) => console.error("what came into the lake could not be closed:", error));
}
