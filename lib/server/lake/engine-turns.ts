interface Waiting {
  readonly owner: string;
  begin(): void;
}

/**
 * Lets a bounded number of engine calls run at once, of everybody together and of each owner. Every one holds a thread
 * of the pool that this process also reads files and checks passwords with: where questions take all of them, nobody
 * is answered any more.
 */
export class EngineTurns {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #running = new Map<string, number>();
  #count = 0;
  #waiting: Waiting[] = [];

  constructor(most: number, mostOfOne: number) {
    this.#most = most;
    this.#mostOfOne = mostOfOne;
  }

  /**
   * Runs a call when it is its owner's turn; whoever waits longest is first, but for those whose owner has enough.
   *
   * @param signal  ends the wait with its reason; a call that has begun is not ended by it
   */
  async take<T>(owner: string, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    if (!this.#begin(owner)) await this.#wait(owner, signal);
    try {
      return await call();
    } finally {
      this.#end(owner);
    }
  }

  #begin(owner: string): boolean {
    const own = this.#running.get(owner) ?? 0;
    if (this.#count >= this.#most || own >= this.#mostOfOne) return false;
    this.#count += 1;
    this.#running.set(owner, own + 1);
    return true;
  }

  #wait(owner: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(signal.reason);
      };
      const waiting: Waiting = {
        owner,
        begin() {
          signal.removeEventListener("abort", leave);
          resolve();
        }
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiting);
    });
  }

  #end(owner: string): void {
    const own = this.#running.get(owner)! - 1;
    this.#count -= 1;
    if (own > 0) this.#running.set(owner, own);
    else this.#running.delete(owner);
    this.#waiting = this.#waiting.filter((waiting) => {
      if (!this.#begin(waiting.owner)) return true;
      waiting.begin();
      return false;
    });
  }
}

/** Of the threads that the launcher gives this process a quarter is left for everything else. */
export const engineTurns = new EngineTurns(24, 8);
