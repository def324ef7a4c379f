/** Carries events from the one who runs to the one who listens, in order; the runner never waits. */
export class EventQueue<T> implements AsyncIterable<T> {
  readonly #waiting: T[] = [];
  #wake: (() => void) | null = null;
  #ended = false;
  #error: { readonly reason: unknown } | null = null;

  push(event: T): void {
    this.#waiting.push(event);
    this.#wake?.();
  }

  /** No more events; with a reason, the listener's loop throws it after the last. */
  end(error?: unknown): void {
    this.#ended = true;
    if (error !== undefined) this.#error = { reason: error };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const event = this.#waiting.shift();
      if (event !== undefined) {
        yield event;
      } else if (this.#ended) {
        if (this.#error) throw this.#error.reason;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = null;
      }
    }
  }
}
