import { Worker } from "node:worker_threads";
import { Fault, faultOf } from "#lib/model/fault.ts";
import type { EmbeddedTexts, Embedder } from "#lib/ports/embedder.ts";
import type { LocalReply, LocalRequest } from "./local-message.ts";
import { type ModelFolder, readModelFolder } from "./model-folder.ts";

/** What a local model is opened with. */
export interface LocalModelOptions {
  /** Absolute path. */
  readonly folder: string;
  /** See `Embedder.tokensPerText`; it is less where the model reads less. */
  readonly tokensPerText: number;
  /** What the thread's JavaScript heap may hold; the model itself lies outside it. */
  readonly heapBytes?: number;
}

/** Texts of one run: of like length, so that little is filled up. */
const textsAtOnce = 16;

/**
 * Opens a sentence model on disk. It costs nothing, and is loaded into a thread of its own by the first text.
 *
 * @throws Fault `invalid` for a folder without a model
 */
export async function openLocalModel(options: LocalModelOptions): Promise<Embedder> {
  const folder = await readModelFolder(options.folder);
  const thread = new ModelThread(folder, options.heapBytes ?? 2 ** 30);
  return {
    model: folder.name,
    usdPerMillionTokens: 0,
    // Twice what it reads: estimates are rather too high, and the tokenizer cuts the rest.
    tokensPerText: Math.min(options.tokensPerText, 2 * folder.mostTokens),
    async *embed(texts, signal) {
      const order = Array.from(texts.keys()).sort((a, b) => texts[a]!.length - texts[b]!.length || a - b);
      for (let start = 0; start < order.length; start += textsAtOnce) {
        const of = order.slice(start, start + textsAtOnce);
        const asked = of.map((at) => texts[at]!);
        yield { of, ...(await untilStopped(() => thread.embed(asked), signal)) };
      }
    },
    close: () => thread.close()
  };
}

type Vectors = Omit<EmbeddedTexts, "of">;

/** The thread, begun when it is needed and again when it has ended. */
class ModelThread {
  readonly #folder: ModelFolder;
  readonly #heapBytes: number;
  readonly #waiting = new Map<number, { resolve(vectors: Vectors): void; reject(error: unknown): void }>();
  #worker: Worker | undefined;
  #asked = 0;

  constructor(folder: ModelFolder, heapBytes: number) {
    this.#folder = folder;
    this.#heapBytes = heapBytes;
  }

  embed(texts: readonly string[]): Promise<Vectors> {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker ??= this.#begin();
      this.#worker.ref();
      this.#worker.postMessage({ id, texts } satisfies LocalRequest);
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #begin(): Worker {
    const worker = new Worker(new URL("./local-worker.ts", import.meta.url), {
      workerData: this.#folder,
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil(this.#heapBytes / 2 ** 20) },
      name: "tracebook-embeddings"
    });
    const ended = (cause: unknown) => {
      // An error is followed by an exit, and by then the next thread may have begun.
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      const fault = new Fault("broken", "the thread of the local embedding model ended before it was done", {
        hint: "Run the map again: what was embedded is kept.",
        cause
      });
      for (const { reject } of this.#waiting.values()) reject(fault);
      this.#waiting.clear();
    };
    worker.on("message", (reply: LocalReply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      // A command that only waits for nothing may end.
      if (this.#waiting.size === 0) worker.unref();
      if (reply.kind === "vectors") waiting?.resolve({ vectors: reply.vectors, d: reply.d });
      else waiting?.reject(faultOf(reply.report));
    });
    worker.on("error", ended);
    worker.on("exit", () => ended(undefined));
    return worker;
  }
}

/** The work, or the stop at once; what the thread still does is for nobody. */
function untilStopped<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Fault("limit", "stopped"));
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener("abort", stop, { once: true });
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", stop));
  });
}
