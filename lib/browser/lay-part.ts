import type { Places } from "#lib/map/spread-points.ts";
import { seededRandom } from "#lib/math/random.ts";
import { faultOf } from "#lib/model/fault.ts";
import { mostPicked } from "#lib/model/selection.ts";
import type { PartRequest } from "#lib/wire/text-neighbours.ts";
import { send } from "./api.ts";
import { openPageThread, type PageThread } from "./page-thread.ts";
import type { PartAnswer, PartQuestion } from "./part-worker.ts";

/** Where traces stand that were laid out alone. */
export interface LaidPart {
  readonly places: Places;
  /** Of these, how many have no text and stand below. */
  readonly untold: number;
}

/** What is laid out. */
export interface PartWish {
  /** In the order of the places. */
  readonly traceIds: readonly string[];
  /** On the whole map; their buffers stay. */
  readonly places: Places;
  readonly seed: number;
  /** Where their neighbours are asked for. */
  readonly path: string;
}

/**
 * Lays traces out alone in a thread beside the page; the server finds which are near each other.
 *
 * @param onProgress  told epochs done and in all
 * @throws Fault of the server, or of the thread; the signal's reason when it stops
 */
export async function layPart(
  { traceIds, places, seed, path }: PartWish,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
  openThread: () => PageThread<PartQuestion, PartAnswer> = openPartThread
): Promise<LaidPart> {
  const body = JSON.stringify({ traceIds } satisfies PartRequest);
  const headers = { "content-type": "application/json" };
  const bytes = new Uint8Array(await (await send(path, { method: "POST", headers, body, signal })).arrayBuffer());
  signal.throwIfAborted();
  const thread = openThread();
  try {
    return await new Promise<LaidPart>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      thread.listen((answer) => {
        if (answer.kind === "progress") onProgress(answer.done, answer.total);
        else if (answer.kind === "laid") resolve(answer);
        else reject(faultOf(answer.report));
      });
      thread.postMessage({ bytes, places, seed });
    });
  } finally {
    thread.terminate();
  }
}

/** As many of some points as can be laid out, each as likely as any other, in their order; the same for the same seed. */
export function samplePart(points: Int32Array, seed: number): Int32Array {
  if (points.length <= mostPicked) return points;
  const random = seededRandom(seed);
  const pool = points.slice();
  for (let at = 0; at < mostPicked; at++) {
    const other = at + Math.floor(random() * (pool.length - at));
    [pool[at], pool[other]] = [pool[other]!, pool[at]!];
  }
  return pool.slice(0, mostPicked).sort();
}

function openPartThread(): PageThread<PartQuestion, PartAnswer> {
  return openPageThread<PartQuestion, PartAnswer>(
    new Worker(new URL("./part-worker.ts", import.meta.url), { type: "module" }),
    ({ bytes }) => [bytes.buffer as ArrayBuffer],
    (report) => ({ kind: "fault", report }),
    "the traces could not be laid out"
  );
}
