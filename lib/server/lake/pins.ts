import type { Catalog } from "#lib/ports/catalog.ts";

/** Between two words of a reader that still reads, in ms. */
const repeatMs = 5 * 60_000;

/** A reader that was not heard for so long, in ms, has ended without saying so. */
export const pinLeaseMs = 4 * repeatMs;

/**
 * Which snapshots the kernels of one open lake read, said in the catalog so that other processes keep their
 * files. A kernel at the newest snapshot needs no word at once: its files stay for a while after they leave.
 */
export class SnapshotPins {
  readonly #catalog: Catalog;
  readonly #readerId: string;
  readonly #held = new Map<symbol, number>();
  readonly #timer: NodeJS.Timeout;
  #said = false;

  constructor(catalog: Catalog, readerId: string) {
    this.#catalog = catalog;
    this.#readerId = readerId;
    this.#timer = setInterval(() => {
      this.say().catch((error: unknown) => console.error("the snapshots that are read could not be noted:", error));
    }, repeatMs);
    this.#timer.unref();
  }

  /** @returns lets the snapshot go */
  hold(snapshotId: number): () => void {
    const key = Symbol();
    this.#held.set(key, snapshotId);
    return () => void this.#held.delete(key);
  }

  /** Says in the catalog what is held now. */
  async say(): Promise<void> {
    if (this.#held.size === 0 && !this.#said) return;
    this.#said = this.#held.size > 0;
    await this.#catalog.pin(this.#readerId, this.#said ? Math.min(...this.#held.values()) : null);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#held.clear();
    await this.say();
  }
}
