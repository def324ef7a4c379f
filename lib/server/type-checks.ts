import { Worker } from "node:worker_threads";
import { Fault } from "#lib/model/fault.ts";
import type { Diagnostic } from "#lib/ports/compiler.ts";

/** Longest time for one check, and for the thread to start before it, ms. */
export const mostCheckMs = { check: 10_000, start: 30_000 } as const;

/** Checks that may wait for the thread. */
const mostWaiting = 200;

/** Of the thread, MB: types can be made to grow without end. */
const mostMemory = 1024;

interface Check {
  readonly source: string;
  resolve(found: readonly Diagnostic[]): void;
  reject(fault: Fault): void;
}

/**
 * Checks types in a thread of its own, one text after another. A text that takes too long, or ends the thread, has a
 * fault of its own; the next is checked in a new thread.
 */
export class TypeChecks {
  readonly #contractPath: string;
  readonly #mostMs: { readonly check: number; readonly start: number };
  readonly #waiting: Check[] = [];
  #current: Check | undefined;
  #worker: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param contractPath  of the declarations that a scorer may use */
  constructor(contractPath: string, mostMs: { readonly check: number; readonly start: number } = mostCheckMs) {
    this.#contractPath = contractPath;
    this.#mostMs = mostMs;
  }

  /** @throws Fault `limit` where it takes too long or too many wait, `broken` where the checker stopped over it */
  check(source: string): Promise<readonly Diagnostic[]> {
    if (this.#waiting.length >= mostWaiting) {
      throw new Fault("limit", `${mostWaiting} scorers wait for the type checker already`, { hint: "Try again soon." });
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ source, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    const waiting = this.#waiting.splice(0);
    this.#end(new Fault("broken", "the type checker was closed"));
    for (const { reject } of waiting) reject(new Fault("broken", "the type checker was closed"));
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #next(): void {
    if (this.#current) return;
    this.#current = this.#waiting.shift();
    if (!this.#current) return;
    const isNew = this.#worker === undefined;
    this.#worker ??= this.#start();
    this.#wait(isNew ? this.#mostMs.start : this.#mostMs.check);
    this.#worker.postMessage(this.#current.source);
  }

  #wait(mostMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const took = `the types of this scorer take longer than ${mostMs / 1000} s to check`;
      this.#replace(new Fault("limit", took, { hint: "Make its types simpler." }));
    }, mostMs);
  }

  #start(): Worker {
    const worker = new Worker(new URL("./type-checker.ts", import.meta.url), {
      workerData: { contractPath: this.#contractPath },
      resourceLimits: { maxOldGenerationSizeMb: mostMemory }
    });
    worker.unref();
    worker.on("message", (found: "ready" | readonly Diagnostic[]) => {
      if (worker !== this.#worker) return;
      if (found === "ready") {
        if (this.#current) this.#wait(this.#mostMs.check);
        return;
      }
      const current = this.#current;
      this.#end();
      current?.resolve(found);
      this.#next();
    });
    worker.on("error", (cause) => {
      if (worker !== this.#worker) return;
      this.#replace(
        new Fault("broken", "the type checker stopped over this scorer", { hint: "Make it less nested.", cause })
      );
    });
    return worker;
  }

  /** Ends the thread over what it works on. */
  #replace(fault: Fault): void {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#end(fault);
    worker?.terminate().catch((error: unknown) => console.error("the type checker could not be ended:", error));
    this.#next();
  }

  #end(fault?: Fault): void {
    clearTimeout(this.#timer);
    const current = this.#current;
    this.#current = undefined;
    if (fault) current?.reject(fault);
  }
}
