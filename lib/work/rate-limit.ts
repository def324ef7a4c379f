import type { Clock } from "../ports/clock.ts";

/** How long a sender may save up what it did not send, in seconds. */
const burstSeconds = 10;

/**
 * A token bucket per sender. A batch is let in whole while anything is left and may overdraw the bucket,
 * so that the average holds without a bound on the size of one batch.
 */
export class RateLimit {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, { left: number; atMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @param perSecond  what the sender may send in a second on average; null lets everything in
   * @returns 0 when it is let in, else whole seconds after which to try again
   */
  take(sender: string, amount: number, perSecond: number | null): number {
    if (perSecond === null) return 0;
    const nowMs = this.#clock.nowMs();
    const full = perSecond * burstSeconds;
    const before = this.#buckets.get(sender) ?? { left: full, atMs: nowMs };
    const left = Math.min(full, before.left + (Math.max(0, nowMs - before.atMs) / 1000) * perSecond);
    const waits = left > 0 ? 0 : Math.max(1, Math.ceil(-left / perSecond));
    this.#buckets.set(sender, { left: waits === 0 ? left - amount : left, atMs: nowMs });
    return waits;
  }
}
