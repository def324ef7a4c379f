import type { SandboxVerdict } from "#lib/ports/sandbox.ts";

/** Calls that cost a whole timeout or a process: so many in a row, or so many at all, and the scorer is given up. */
const lossesInRow = 3;
const lossesAtAll = 20;

/** What two clocks may differ by over one call. */
const clockMs = 5;

/** Counts what a scorer has cost, and gives it up when that is too much. */
export class Losses {
  readonly #callTimeoutMs: number;
  readonly #what: string;
  #inRow = 0;
  #atAll = 0;
  #givenUp: string | null = null;

  /** @param what  it is called for: "trace" */
  constructor(callTimeoutMs: number, what: string) {
    this.#callTimeoutMs = callTimeoutMs;
    this.#what = what;
  }

  /** Why nothing more is scored; null while it is. */
  get givenUp(): string | null {
    return this.#givenUp;
  }

  /** Notes a call that was lost. */
  count(reason: string): void {
    this.#inRow += 1;
    this.#atAll += 1;
    if (this.#inRow >= lossesInRow)
      this.#givenUp = `not tried, since ${lossesInRow} ${this.#what}s in a row failed: ${reason}`;
    else if (this.#atAll >= lossesAtAll)
      this.#givenUp = `not tried, since ${lossesAtAll} ${this.#what}s failed: ${reason}`;
  }

  /** Notes a call that gave a verdict: one that took all of its time is lost, too. */
  note({ score, durationMs }: SandboxVerdict): void {
    if (score.kind === "unscored" && durationMs >= this.#callTimeoutMs - clockMs) this.count(score.reason);
    else this.#inRow = 0;
  }
}
