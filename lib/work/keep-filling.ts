import { isFault } from "#lib/model/fault.ts";
import type { QueueFilling } from "#lib/model/queue-filling.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { QueueFillings } from "#lib/ports/queue-fillings.ts";
import type { SqlParser } from "#lib/ports/sql-parser.ts";
import { type ChosenTrace, chooseTraces } from "./rule-traces.ts";
import { firstDayOf, isDue, readWindow, ruleScope, type SettledSnapshot } from "./rule-window.ts";
import { SettledSnapshots } from "./settled-snapshots.ts";
import { parsePredicate } from "./traffic-predicate.ts";

/** What filling queues by rules needs. */
export interface FillingDoors {
  readonly lake: Pick<Lake, "snapshotId" | "openKernel" | "openArrivals" | "listArrivals">;
  readonly parser: SqlParser;
  readonly clock: Clock;
  readonly queueFillings: Pick<QueueFillings, "listActive" | "notePass" | "pauseBecause">;
  /** Ends early when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Is told of a look that failed; the next is made all the same. */
  readonly report: (error: unknown) => void;
}

/** How often is looked, and when a trace is complete: when nothing of it has come for so long. */
const usualPace = { lookMs: 1_000, quietMs: 2_000 };

/**
 * Puts traces that arrive into queues by their rules. Any number of processes may do so: each pass moves its rule on in
 * the transaction that adds the items, and of two that did the same work the second finds it done.
 */
export class QueueFiller {
  readonly #doors: FillingDoors;
  readonly #settled: SettledSnapshots;

  constructor(doors: FillingDoors) {
    this.#doors = doors;
    this.#settled = new SettledSnapshots(usualPace.quietMs);
  }

  /** Looks and works until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look(signal).catch(this.#doors.report);
      await this.#doors.pause(usualPace.lookMs, signal);
    }
  }

  /** Works each rule that has something to do. @returns items added */
  async look(signal: AbortSignal): Promise<number> {
    const { lake, clock, queueFillings, report } = this.#doors;
    this.#settled.note(await lake.snapshotId(), clock.nowMs());
    let added = 0;
    for (const filling of await queueFillings.listActive()) {
      if (signal.aborted) break;
      const settled = this.#settled.newest(clock.nowMs());
      const { snapshotId, waiting } = filling.cursor;
      const hasWork = waiting.some((trace) => isDue(trace, clock.nowMs())) || (settled?.snapshotId ?? 0) > snapshotId;
      if (!settled || !hasWork) continue;
      added += await this.#pass(filling, settled, signal).catch(async (error: unknown) => {
        // A condition that cannot be asked will not be by itself; anything else may pass.
        if (isFault(error) && error.code === "invalid")
          await queueFillings.pauseBecause(filling.queueId, error.message);
        else report(error);
        return 0;
      });
    }
    return added;
  }

  async #pass(filling: QueueFilling, settled: SettledSnapshot, signal: AbortSignal): Promise<number> {
    const { lake, parser, clock, queueFillings } = this.#doors;
    const { queueId, cursor } = filling;
    const predicate = await parsePredicate(parser, filling.predicate);
    // The queue stands where a scorer does: what its rule samples is drawn apart from what others do.
    const rule = { ...filling, predicate: predicate.sql, scorerId: queueId };
    const window = await readWindow(lake, rule, predicate, "", settled, clock.nowMs());
    try {
      const chosen = await this.#choose(rule, window.candidates, signal);
      const { snapshotId, atMs: seenAtMs } = window.upTo;
      return await queueFillings.notePass(queueId, cursor.snapshotId, {
        seen: chosen.length,
        sampled: chosen
          .filter(({ isSampled }) => isSampled)
          .map(({ traceId, businessUnit, day }) => ({
            ...{ traceId, businessUnit, stratum: `arrived, begun ${day}`, inclusionProbability: filling.rate }
          })),
        cursor: { ...cursor, snapshotId, seenAtMs, waiting: window.waiting }
      });
    } finally {
      await window.arrivals?.close();
    }
  }

  async #choose(
    rule: Parameters<typeof chooseTraces>[1] & Parameters<typeof ruleScope>[0],
    candidates: Parameters<typeof chooseTraces>[2],
    signal: AbortSignal
  ): Promise<readonly ChosenTrace[]> {
    if (candidates.length === 0) return [];
    const firstDay = firstDayOf(candidates.map(({ day }) => day));
    const kernel = await this.#doors.lake.openKernel(ruleScope(rule), { firstDay });
    try {
      return await chooseTraces(kernel, rule, candidates, signal);
    } finally {
      await kernel.close();
    }
  }
}
