import type { Kernel } from "#lib/ports/kernel.ts";
import type { Arrivals } from "#lib/ports/lake.ts";
import type { TraceFilter } from "#lib/wire/trace-filter.ts";
import type { TraceRow } from "#lib/wire/traces.ts";
import { type ArrivedTrace, listThese } from "./trace-list.ts";
import { text } from "./trace-rows.ts";

/** Traces that are told one by one; beyond, the list is read again. */
const mostTold = 200;

/** Traces that came into the lake after a snapshot; open until they are closed. */
export class ArrivedTraces {
  readonly snapshotId: number;
  /** The newest first; null where there are too many to tell. */
  readonly traces: readonly ArrivedTrace[] | null;
  readonly #arrivals: Arrivals | null;

  private constructor(snapshotId: number, traces: readonly ArrivedTrace[] | null, arrivals: Arrivals | null) {
    this.snapshotId = snapshotId;
    this.traces = traces;
    this.#arrivals = arrivals;
  }

  /** Reads which they are. @param newest  snapshot up to which nothing can be told without arrivals */
  static async read(arrivals: Arrivals | undefined, newest: number): Promise<ArrivedTraces> {
    if (!arrivals) return new ArrivedTraces(newest, null, null);
    try {
      const traces = await readTraces(arrivals.kernel);
      return new ArrivedTraces(arrivals.kernel.snapshotId, traces.length > mostTold ? null : traces, arrivals);
    } catch (error) {
      await arrivals.kernel.close();
      throw error;
    }
  }

  /** Whether they are told without the rest of the lake. */
  tells(filter: TraceFilter): boolean {
    return this.#arrivals?.areWhole === true && isOfTraces(filter);
  }

  /** Those that a filter shows, the newest first, where `tells` says that they tell it. */
  async list(filter: TraceFilter, signal: AbortSignal): Promise<readonly TraceRow[]> {
    return this.#arrivals && this.traces ? listThese(this.#arrivals.kernel, filter, this.traces, signal) : [];
  }

  async close(): Promise<void> {
    await this.#arrivals?.kernel.close();
  }
}

async function readTraces(kernel: Kernel): Promise<readonly ArrivedTrace[]> {
  const rows = await kernel.rows(
    `select trace_id, business_unit, "date"::varchar as day from traces order by started_at desc, trace_id desc`,
    {},
    mostTold + 1
  );
  return rows.map((row) => ({
    traceId: text(row, "trace_id") ?? "",
    businessUnit: text(row, "business_unit") ?? "",
    day: text(row, "day") ?? ""
  }));
}

/**
 * Whether a filter asks for nothing but what a trace says itself. Scores and labels may be older than the trace,
 * and of a trace that a flush put together only the whole came, not the spans.
 */
function isOfTraces({ scores, labels, kinds, text }: TraceFilter): boolean {
  const counted = kinds.every((kind) => kind === "llm" || kind === "tool");
  return scores.length + labels.length === 0 && counted && text.trim() === "";
}
