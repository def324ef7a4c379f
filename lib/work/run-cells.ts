import type { CellState } from "#lib/model/run.ts";
import type { Graph } from "#lib/workbook/graph.ts";

/** What to run and how. */
export interface CellsToRun {
  readonly graph: Graph;
  /** Cells and all that they read, in the order of `withNeeds`. */
  readonly keys: readonly string[];
  /** The result a cell has already, where it is not stale; it is not run then. */
  fresh(key: string): CellState | undefined;
  /** Runs one cell to its end; never rejects. */
  runCell(key: string): Promise<CellState>;
  emit(key: string, state: CellState): void;
  readonly signal: AbortSignal;
  /** Cells that may run at the same time. */
  readonly sideBySide: number;
}

/**
 * Runs cells in the order of their references, independent ones side by side. A cell that fails blocks
 * its readers and nothing else; after a stop what has not begun is `stopped`.
 *
 * @returns how each cell ended
 */
export async function runCells(plan: CellsToRun): Promise<ReadonlyMap<string, CellState>> {
  const { graph, keys, signal, emit } = plan;
  const ended = new Map<string, CellState>();
  const running = new Map<string, Promise<void>>();
  const waiting: string[] = [];
  const end = (key: string, state: CellState) => {
    ended.set(key, state);
    emit(key, state);
  };
  for (const key of keys) {
    const fault = graph.faults[key];
    const result = plan.fresh(key);
    if (fault) end(key, { state: "failed", fault, durationMs: 0 });
    else if (result) ended.set(key, result);
    else waiting.push(key);
  }
  const needs = (key: string) => graph.reads[key] ?? [];
  for (const key of waiting) {
    emit(key, { state: "waiting", for: needs(key).filter((read) => !ended.has(read)) });
  }
  while (waiting.length > 0 || running.size > 0) {
    for (let at = 0; at < waiting.length; ) {
      const key = waiting[at]!;
      const broken = needs(key).filter((read) => isBroken(ended.get(read)));
      if (signal.aborted) end(key, { state: "stopped" });
      else if (broken.length > 0) end(key, { state: "blocked", by: broken });
      else if (running.size < plan.sideBySide && needs(key).every((read) => ended.has(read))) {
        const work = plan.runCell(key).then((state) => {
          running.delete(key);
          end(key, state);
        });
        running.set(key, work);
      } else {
        at++;
        continue;
      }
      waiting.splice(at, 1);
    }
    if (running.size > 0) await Promise.race(running.values());
    else if (waiting.length > 0 && !waiting.some((key) => needs(key).every((read) => ended.has(read)))) {
      throw new Error(`cells wait for what does not run: ${waiting.join(", ")}`);
    }
  }
  return ended;
}

function isBroken(state: CellState | undefined): boolean {
  return state?.state === "failed" || state?.state === "blocked" || state?.state === "stopped";
}
