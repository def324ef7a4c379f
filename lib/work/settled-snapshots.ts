import type { SettledSnapshot } from "./rule-window.ts";

/** Looks that are remembered. */
const mostLooks = 1_000;

/** When each snapshot of the lake was first seen, so that it is known which has been there for a while. */
export class SettledSnapshots {
  readonly #quietMs: number;
  readonly #seen: SettledSnapshot[] = [];
  #lookedAtMs = 0;

  /** @param quietMs  a snapshot has settled when it has been there for so long */
  constructor(quietMs: number) {
    this.#quietMs = quietMs;
  }

  /** Takes note of the newest snapshot. */
  note(snapshotId: number, nowMs: number): void {
    this.#lookedAtMs = nowMs;
    const last = this.#seen.at(-1);
    if (last && last.snapshotId >= snapshotId) return;
    this.#seen.push({ snapshotId, atMs: nowMs });
    if (this.#seen.length > mostLooks) this.#seen.shift();
  }

  /** The newest that has settled, and until when it is known to have been all there was. */
  newest(nowMs: number): SettledSnapshot | undefined {
    const settled = this.#seen.findLast(({ atMs }) => nowMs - atMs >= this.#quietMs);
    const isLast = settled !== undefined && settled === this.#seen.at(-1);
    return (
      settled && (isLast ? { ...settled, atMs: Math.max(settled.atMs, this.#lookedAtMs - this.#quietMs) } : settled)
    );
  }

  /** When something after a snapshot was first seen; undefined where that was before this process looked. */
  firstAfter(snapshotId: number): number | undefined {
    const at = this.#seen.findIndex((seen) => seen.snapshotId > snapshotId);
    return at > 0 ? this.#seen[at]!.atMs : undefined;
  }
}
