import { type Scope, scopeKey } from "#lib/model/scope.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Lake } from "#lib/ports/lake.ts";

interface Held {
  readonly kernel: Promise<Kernel>;
  readonly snapshotId: number;
  readonly maskKey: string;
  users: number;
  lastUse: number;
  /** A newer one has taken its place: it closes when its last user leaves. */
  replaced: boolean;
}

/** One kernel per scope for lists and pages, opened again when the lake has moved on, or units hide something else. */
export class ScopeKernels {
  readonly #lake: Lake;
  readonly #most: number;
  readonly #held = new Map<string, Held>();
  #uses = 0;

  /** @param most  kernels open at once, beside those in use */
  constructor(lake: Lake, most = 4) {
    this.#lake = lake;
    this.#most = most;
  }

  /** Runs work on a kernel at the newest snapshot. The tables of the state are as they were when it was opened. */
  async use<T>(scope: Scope, work: (kernel: Kernel) => Promise<T>): Promise<T> {
    const held = await this.#open(scope);
    held.users++;
    held.lastUse = ++this.#uses;
    try {
      return await work(await held.kernel);
    } finally {
      held.users--;
      await this.#trim(held);
    }
  }

  async close(): Promise<void> {
    const all = [...this.#held.values()];
    this.#held.clear();
    for (const held of all) await (await held.kernel).close();
  }

  async #open(scope: Scope): Promise<Held> {
    const key = scopeKey(scope);
    const [snapshotId, maskKey] = await Promise.all([this.#lake.snapshotId(), this.#lake.maskKey(scope)]);
    const held = this.#held.get(key);
    if (held?.snapshotId === snapshotId && held.maskKey === maskKey) return held;
    const fresh: Held = {
      // Whoever shares it sees of the state what anybody of these units sees.
      kernel: this.#lake.openKernel({ userId: "", roles: [], businessUnits: scope.businessUnits }, { snapshotId }),
      snapshotId,
      maskKey,
      users: 0,
      lastUse: ++this.#uses,
      replaced: false
    };
    this.#held.set(key, fresh);
    if (held) {
      held.replaced = true;
      if (held.users === 0) await (await held.kernel).close();
    }
    fresh.kernel.catch(() => {
      if (this.#held.get(key) === fresh) this.#held.delete(key);
    });
    return fresh;
  }

  async #trim(used: Held): Promise<void> {
    if (used.replaced && used.users === 0) await (await used.kernel).close();
    const idle = [...this.#held].filter(([, { users }]) => users === 0).sort(([, a], [, b]) => a.lastUse - b.lastUse);
    for (const [key, held] of idle.slice(0, Math.max(0, this.#held.size - this.#most))) {
      this.#held.delete(key);
      await (await held.kernel).close();
    }
  }
}
