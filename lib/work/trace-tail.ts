import { Fault } from "#lib/model/fault.ts";
import { type Scope, scopeKey } from "#lib/model/scope.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { TraceFilter } from "#lib/wire/trace-filter.ts";
import type { LiveEvent } from "#lib/wire/traces.ts";
import type { TraceBrowser } from "./trace-browser.ts";
import type { ArrivedTrace } from "./trace-list.ts";
import { text } from "./trace-rows.ts";

/** Between two looks at the lake, however many listen. */
const lookMs = 100;
const defaultMostListeners = 32;
/** Traces that one event tells; beyond, the list is read again. */
const mostTold = 200;

/** What a tail is read with. */
export interface TraceTailDoors {
  readonly lake: Pick<Lake, "snapshotId" | "openArrivals">;
  readonly traces: Pick<TraceBrowser, "listThese" | "use">;
  pause(ms: number): Promise<void>;
}

interface Arrivals {
  readonly snapshotId: number;
  /** The newest first; null where there are too many to tell. */
  readonly traces: readonly ArrivedTrace[] | null;
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
  readonly #arrivals = new Map<string, Promise<Arrivals>>();

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
      while (!signal.aborted) {
        if (newest > last) {
          const { snapshotId, traces } = await this.#readArrivals(scope, last, newest);
          const rows = traces === null ? [] : await this.#doors.traces.listThese(scope, filter, traces, signal);
          last = Math.max(newest, snapshotId);
          if (signal.aborted) return;
          yield { snapshotId: last, traces: rows, isFlood: traces === null };
        }
        newest = await this.#nextLook();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#listeners--;
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

  #readArrivals(scope: Scope, since: number, newest: number): Promise<Arrivals> {
    const key = `${since} ${newest} ${scopeKey(scope)}`;
    const held = this.#arrivals.get(key);
    if (held) return held;
    for (const old of this.#arrivals.keys()) if (Number(old.split(" ", 2)[1]) < newest) this.#arrivals.delete(old);
    const read = this.#askArrivals(scope, since, newest);
    this.#arrivals.set(key, read);
    read.catch(() => this.#arrivals.delete(key));
    return read;
  }

  async #askArrivals(scope: Scope, since: number, newest: number): Promise<Arrivals> {
    // What will be asked for the traces that came is opened meanwhile; where that fails, the asking says so.
    const [opened] = await Promise.allSettled([
      this.#doors.lake.openArrivals(scope, since),
      this.#doors.traces.use(scope, async () => undefined)
    ]);
    if (opened.status === "rejected") throw opened.reason;
    const kernel = opened.value;
    if (!kernel) return { snapshotId: newest, traces: null };
    try {
      const rows = await kernel.rows(
        `select trace_id, business_unit, "date"::varchar as day from traces order by started_at desc, trace_id desc`,
        {},
        mostTold + 1
      );
      const traces = rows.map((row) => ({
        traceId: text(row, "trace_id") ?? "",
        businessUnit: text(row, "business_unit") ?? "",
        day: text(row, "day") ?? ""
      }));
      return { snapshotId: kernel.snapshotId, traces: traces.length > mostTold ? null : traces };
    } finally {
      await kernel.close();
    }
  }
}
