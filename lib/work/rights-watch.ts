import { Fault, isFault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";

/** Shortest time between two looks while a cell goes on. */
const everyMs = 2000;

/** Whether somebody still holds what their run began with. */
export type Holds = () => Promise<boolean>;

/** Looks, while a run goes on, whether its person still holds the right in all its units; where not, the run stops. */
export class RightsWatch {
  readonly #holds: Holds;
  readonly #nowMs: () => number;
  readonly #leave = new AbortController();
  #lookedAtMs: number;

  constructor(holds: Holds, nowMs: () => number) {
    this.#holds = holds;
    this.#nowMs = nowMs;
    this.#lookedAtMs = nowMs();
  }

  /** Aborted once the right is lost. */
  get signal(): AbortSignal {
    return this.#leave.signal;
  }

  /** True once a look found the right gone. */
  get isLost(): boolean {
    return this.#leave.signal.aborted;
  }

  /** Looks now. @throws Fault `denied` where the right is gone */
  async require(scope: Scope): Promise<void> {
    this.#lookedAtMs = this.#nowMs();
    const held = await this.#holds().catch((error: unknown) => {
      if (isFault(error) && (error.code === "denied" || error.code === "missing")) return false;
      throw error;
    });
    if (!held) this.#leave.abort();
    if (this.isLost) throw lostRight(scope);
  }

  /** Looks where the last look is some time ago; what a cell says while it goes calls it. */
  look(scope: Scope): void {
    if (this.isLost || this.#nowMs() - this.#lookedAtMs < everyMs) return;
    // A right that is gone has aborted the signal; a look that failed is made again at the next.
    this.require(scope).catch(() => undefined);
  }
}

/** What a run says that its person may not go on with. */
export function lostRight(scope: Scope): Fault {
  return new Fault(
    "denied",
    `the run was stopped: its person may no longer run this workbook in ${scope.businessUnits.join(", ")}`,
    { hint: "Run it again with the rights that are left." }
  );
}
