import { Fault } from "../model/fault.ts";
import type { Score } from "../model/score.ts";
import type { Json } from "../model/span.ts";
import { type CellForecastRequest, parseCellForecastRequest } from "./cell-forecast.ts";
import { integer, list, object, optional, text } from "./parse.ts";

/** Traces that a scorer is tried on at once. */
export const mostTried = 20;

/** POST handful: traces to try a scorer on. */
export interface HandfulRequest extends CellForecastRequest {
  /** The score cell to try it as; the first that uses the scorer when null. */
  readonly use: string | null;
  /** Trace ids that a person wants to see. */
  readonly pinned: readonly string[];
  readonly seed: number;
}

/** A trace that a scorer can be tried on. */
export interface BenchTrace {
  readonly traceId: string;
  readonly businessUnit: string;
  readonly startedAtMs: number;
  /** Its beginning. */
  readonly input: string;
  /** What people said of it last; null where nobody did. */
  readonly label: string | null;
  /** What should have come out of it; absent where the score cell names no column for that. */
  readonly expected?: Json;
}

/** A score cell that uses a scorer, and what it would score. */
export interface BenchUse {
  readonly cell: string;
  /** Null where they are not known without scoring others first. */
  readonly traces: number | null;
}

export interface HandfulReply {
  readonly uses: readonly BenchUse[];
  /** The score cell that it is tried as; null where none uses the scorer. */
  readonly use: string | null;
  readonly traces: readonly BenchTrace[];
  /** More of the same, to pick from. */
  readonly others: readonly BenchTrace[];
  /** Pinned ones that are not there, or that the asker may not see. */
  readonly missing: readonly string[];
  /** What is different from a run; null where nothing is. */
  readonly note: string | null;
}

/** POST try: a scorer or judge on some traces. */
export interface TryRequest extends CellForecastRequest {
  readonly use: string | null;
  readonly traces: readonly Pick<BenchTrace, "traceId" | "expected">[];
  /** Which open page asks: a later try of it takes the place of the one before. */
  readonly bench: string;
  /** Whether a model may be asked what it has not answered before. */
  readonly spend: boolean;
}

/** One verdict of a try. */
export interface TriedCall {
  readonly traceId: string;
  readonly businessUnit: string;
  readonly spanId: string | null;
  /** Null where a model has not been asked yet. */
  readonly score: Score | null;
  /** Null where nobody measured it. */
  readonly durationMs: number | null;
}

/** What asking a model costs in a try. */
export interface TrySpending {
  readonly model: string;
  /** Questions about all its traces, what was answered before included, and what they cost, about. */
  readonly questions: number;
  readonly tokens: number;
  readonly costUsd: number | null;
  /** Questions that have no answer yet, and what they would cost: about, and at most. */
  readonly open: number;
  readonly openUsd: number | null;
  readonly mostUsd: number | null;
  /** What this try has spent. */
  readonly spentUsd: number;
}

export interface TryReply {
  /** What its scores would carry. */
  readonly version: string;
  readonly target: "trace" | "session" | "span";
  /** In the order of the traces' start. */
  readonly calls: readonly TriedCall[];
  /** Calls of all traces; more than are given where spans are many. */
  readonly total: number;
  /** Traces that are not there, or that the asker may not see. */
  readonly missing: readonly string[];
  /** Of the scorer's own code, for each call on average; null where nothing was measured. */
  readonly msPerCall: number | null;
  /** Null for a scorer that asks no model. */
  readonly spending: TrySpending | null;
}

const longestId = 200;
const longestRequest = 4_000_000;

/** @throws Fault `invalid` naming the field, `limit` for more traces than are tried at once */
export function parseHandfulRequest(body: unknown): HandfulRequest {
  const fields = object(body, "the handful");
  const pinned = list(fields, "pinned").map(parseId);
  return {
    ...parseCellForecastRequest(body),
    use: optional(fields, "use", text) ?? null,
    pinned: refuseMany(pinned),
    seed: integer(fields, "seed")
  };
}

/** @throws Fault `invalid` naming the field, `limit` for more than is tried at once */
export function parseTryRequest(body: unknown): TryRequest {
  const fields = object(body, "the try");
  const traces = list(fields, "traces").map((item) => {
    const trace = object(item, "a trace");
    const expected = trace["expected"] as Json | undefined;
    return { traceId: parseId(trace["traceId"]), ...(expected === undefined ? {} : { expected }) };
  });
  if (JSON.stringify(traces).length > longestRequest) {
    throw new Fault("limit", "what should have come out of these traces is too long to try a scorer on it", {
      hint: "Try it on fewer traces."
    });
  }
  return {
    ...parseCellForecastRequest(body),
    use: optional(fields, "use", text) ?? null,
    traces: refuseMany(traces),
    bench: parseId(fields["bench"]),
    spend: fields["spend"] === true
  };
}

function parseId(value: unknown): string {
  if (typeof value === "string" && value !== "" && value.length <= longestId) return value;
  throw new Fault("invalid", `${JSON.stringify(value)?.slice(0, 80) ?? "nothing"} is no id`);
}

function refuseMany<T>(items: readonly T[]): readonly T[] {
  if (items.length <= mostTried) return items;
  throw new Fault("limit", `a scorer is tried on ${mostTried} traces at most, not on ${items.length}`);
}
