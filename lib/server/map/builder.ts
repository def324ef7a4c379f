import { Worker } from "node:worker_threads";
import type { ComingTexts, KeepInput, KeptVersion, PlacedTraces } from "#lib/map/keep-map.ts";
import { estimateMapBytes } from "#lib/map/map-memory.ts";
import type { VectorsOfTexts } from "#lib/map/place.ts";
import type { PartInput, TextNeighbours } from "#lib/map/text-neighbours.ts";
import { Fault, faultOf } from "#lib/model/fault.ts";
import type { MapAnswer, MapBuilder, MapProgress, MapRequest, PrepareRequest } from "#lib/ports/map-builder.ts";
import { systemClock } from "../clock.ts";
import { type CheckpointPlace, pruneCheckpoints } from "./checkpoints.ts";
import type { MapAnswers, MapMessage, MapOrder, MapTasks } from "./message.ts";

/** Bounds on one map. */
export interface MapLimits {
  /** A map that would take more is refused before it starts. */
  readonly memoryBytes: number;
  /** What the thread's JavaScript heap may hold; typed arrays lie outside it. */
  readonly heapBytes: number;
  /** Where steps of a map that is not done are kept, so that it goes on from there; null keeps none. */
  readonly checkpoints: CheckpointPlace | null;
}

const DEFAULTS: MapLimits = { memoryBytes: 3 * 2 ** 30, heapBytes: 3 * 2 ** 30, checkpoints: null };
/** How often steps that are too old are looked for. */
const tidyMs = 60 * 60_000;

/** Opens the builder of maps: one worker thread per map, one map at a time, the others wait their turn; placing has a turn of its own. */
export async function openMapBuilder(limits: Partial<MapLimits> = {}): Promise<MapBuilder> {
  return new WorkerMapBuilder({ ...DEFAULTS, ...limits });
}

class WorkerMapBuilder implements MapBuilder {
  private readonly limits: MapLimits;
  private building: Promise<unknown> = Promise.resolve();
  private placing: Promise<unknown> = Promise.resolve();
  private readonly closing = new AbortController();
  private readonly tidying: NodeJS.Timeout | undefined;

  constructor(limits: MapLimits) {
    this.limits = limits;
    const { checkpoints } = limits;
    if (!checkpoints) return;
    const tidy = () => pruneCheckpoints(checkpoints, systemClock.nowMs());
    tidy();
    this.tidying = setInterval(tidy, tidyMs).unref();
  }

  /** Texts of a map that there is are prepared in the turn of placing. */
  async prepare(request: PrepareRequest, signal: AbortSignal): Promise<ComingTexts> {
    const isPlacing = request.projection !== null || request.boilerplate !== undefined;
    const task = { kind: "prepare", request } as const;
    const before = isPlacing ? this.placing : this.building;
    const [turn, after] = this.inTurn<"prepare">(before, task, () => undefined, signal);
    if (isPlacing) this.placing = after;
    else this.building = after;
    return turn;
  }

  build(request: MapRequest, onProgress: (progress: MapProgress) => void, signal: AbortSignal): Promise<MapAnswer> {
    return this.buildTask<"build">({ kind: "build", request }, onProgress, signal);
  }

  freeze(request: KeepInput, onProgress: (progress: MapProgress) => void, signal: AbortSignal): Promise<KeptVersion> {
    return this.buildTask<"freeze">({ kind: "freeze", request }, onProgress, signal);
  }

  /** Has a turn of its own: traces are placed while a large map is being built. */
  async place(
    projection: Uint8Array,
    texts: readonly string[],
    signal: AbortSignal,
    given: VectorsOfTexts | null = null
  ): Promise<PlacedTraces> {
    const task = { kind: "place", projection, texts, given } as const;
    const [turn, placing] = this.inTurn<"place">(this.placing, task, () => undefined, signal);
    this.placing = placing;
    return turn;
  }

  /** In the turn of placing: a page waits for it. */
  async neighbours(request: PartInput, signal: AbortSignal): Promise<TextNeighbours> {
    const task = { kind: "neighbours", request } as const;
    const [turn, placing] = this.inTurn<"neighbours">(this.placing, task, () => undefined, signal);
    this.placing = placing;
    return turn;
  }

  async close(): Promise<void> {
    this.closing.abort();
    clearInterval(this.tidying);
    await Promise.all([this.building, this.placing]);
  }

  private async buildTask<K extends "build" | "freeze">(
    task: MapTasks[K],
    onProgress: (progress: MapProgress) => void,
    signal: AbortSignal
  ): Promise<MapAnswers[K]> {
    checkRequest(task.request, this.limits);
    const [turn, building] = this.inTurn(this.building, task, onProgress, signal);
    this.building = building;
    return turn;
  }

  /** @returns what the task gives, and what the next one has to wait for */
  private inTurn<K extends keyof MapAnswers>(
    before: Promise<unknown>,
    task: MapTasks[K],
    onProgress: (progress: MapProgress) => void,
    signal: AbortSignal
  ): readonly [Promise<MapAnswers[K]>, Promise<unknown>] {
    const stop = AbortSignal.any([signal, this.closing.signal]);
    const turn = before.then(() => {
      if (stop.aborted) throw stopped();
      return runWorker(task, this.limits, onProgress, stop);
    });
    return [untilStopped(turn, stop), turn.catch(() => undefined)];
  }
}

function checkRequest(request: MapRequest, limits: MapLimits): void {
  const { texts, traceIds, neighbours, given } = request;
  if (texts.length === 0) {
    throw new Fault("invalid", "there are no traces to map", { hint: "Choose a cohort that has at least one trace." });
  }
  if (texts.length !== traceIds.length) {
    throw new Fault("invalid", `a map of ${texts.length} texts came with ${traceIds.length} trace ids`);
  }
  if (!Number.isInteger(neighbours) || neighbours < 2 || neighbours > 200) {
    throw new Fault("invalid", `neighbours is ${neighbours}`, {
      hint: "Choose a whole number from 2 to 200; 15 suits most maps."
    });
  }
  // Repeats cost little, but are only counted where they decide.
  const d = given?.d ?? null;
  if (bytesOf(texts.length, texts, neighbours, d) <= limits.memoryBytes) return;
  const needed = bytesOf(texts.length, new Set(texts), neighbours, d);
  if (needed <= limits.memoryBytes) return;
  const fitting = Math.max(1, Math.floor((texts.length * limits.memoryBytes) / needed / 1.2));
  throw new Fault(
    "limit",
    `a map of ${texts.length} traces would take about ${gigabytes(needed)} GB of memory, more than the ${gigabytes(limits.memoryBytes)} GB it may have`,
    { hint: `Map a sample of ${fitting} traces: add "limit: ${fitting}" to the cell.` }
  );
}

function bytesOf(traces: number, distinct: Iterable<string>, neighbours: number, d: number | null): number {
  let [count, characters] = [0, 0];
  for (const text of distinct) {
    count++;
    characters += Math.min(text.length, 16_000);
  }
  return estimateMapBytes(traces, count, characters, neighbours, d);
}

function gigabytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

function runWorker<K extends keyof MapAnswers>(
  task: MapTasks[K],
  limits: MapLimits,
  onProgress: (progress: MapProgress) => void,
  stop: AbortSignal
): Promise<MapAnswers[K]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: { task, checkpoints: limits.checkpoints } satisfies MapOrder,
      transferList: task.kind === "prepare" || task.kind === "place" ? [] : buffersOf(task.request.given),
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil(limits.heapBytes / 2 ** 20) },
      name: "tracebook-map"
    });
    const halt = () => end(() => reject(stopped()));
    let over = false;
    // The thread is gone before anyone hears the outcome, so the next map never runs beside it.
    const end = (settle: () => void) => {
      if (over) return;
      over = true;
      stop.removeEventListener("abort", halt);
      worker.terminate().then(settle, settle);
    };
    stop.addEventListener("abort", halt, { once: true });
    worker.on("message", (message: MapMessage) => {
      if (over) return;
      if (message.kind === "progress") onProgress(message.progress);
      else if (message.kind === "answer") end(() => resolve(message.answer as MapAnswers[K]));
      else end(() => reject(faultOf(message.report)));
    });
    worker.on("error", (cause) => end(() => reject(broken(cause))));
    worker.on("exit", () => end(() => reject(broken(undefined))));
  });
}

function buffersOf(given: MapRequest["given"]): ArrayBuffer[] {
  return given ? [given.vectors.buffer as ArrayBuffer] : [];
}

/** The result of a turn, or the stop at once while the turn is still waiting or ending. */
function untilStopped<T>(turn: Promise<T>, stop: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const halt = () => reject(stopped());
    if (stop.aborted) halt();
    stop.addEventListener("abort", halt, { once: true });
    turn.then(resolve, reject).finally(() => stop.removeEventListener("abort", halt));
  });
}

function stopped(): Fault {
  return new Fault("limit", "stopped", { hint: "Run the map again to have it whole." });
}

function broken(cause: unknown): Fault {
  const full = cause instanceof Error && "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY";
  return new Fault(
    "broken",
    full ? "the map ran out of memory" : "the thread that builds the map ended before it was done",
    {
      hint: full ? "Map a sample of the traces." : "Run the map again.",
      cause
    }
  );
}
