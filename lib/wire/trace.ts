import type { Annotation } from "../model/annotation.ts";
import type { SpanKind, SpanStatus } from "../model/span.ts";
import type { TraceSummary } from "../model/trace.ts";
import type { Names } from "./people.ts";
import type { SpanHead, TraceScore, Turn } from "./traces.ts";

/** A span of the tree as it crosses HTTP, in the order of `SpanHead`; a list, because 25,000 of them must be small. */
export type SpanRow = readonly [
  spanId: string,
  parentSpanId: string | null,
  name: string,
  kind: SpanKind,
  status: SpanStatus,
  startMs: number,
  durationMs: number,
  model: string | null,
  toolName: string | null,
  inputTokens: number | null,
  outputTokens: number | null,
  costUsd: number | null
];

/** GET the spans of a trace without their texts: the first 25,000 by start, in any order. */
export interface SpanRowsReply {
  readonly rows: readonly SpanRow[];
  /** True when there are more. */
  readonly rowsCut: boolean;
}

/** GET /api/traces/:id, with the first 1,000 spans; where `rowsCut` says so, all are asked for by themselves. */
export interface OpenedTraceReply extends SpanRowsReply {
  readonly trace: TraceSummary;
  /** Name of the service that the trace's first span came from. */
  readonly service: string | null;
  readonly scores: readonly TraceScore[];
  readonly annotations: readonly Annotation[];
  /** Of those who annotated. */
  readonly names: Names;
}

/** GET ?spoken: the conversation that the spans hold. */
export interface ConversationReply {
  readonly turns: readonly Turn[];
  /** Spans that can have turns, and how many of them, in order of start, the turns were read from. */
  readonly spoken: { readonly shown: number; readonly total: number };
}

/** Where words were found: one field of one span. */
export interface Hit {
  readonly spanId: string;
  /** A plain word: name, input, output, arguments, result, documents or error. */
  readonly field: string;
  /** Text around the words, on one line; `found` is empty where the letters of the text fold otherwise. */
  readonly before: string;
  readonly found: string;
  readonly after: string;
}

/** GET ?words: where they are in the texts of all spans of a trace, letter case aside. */
export interface HitsReply {
  /** What was looked for, in lower case. */
  readonly words: string;
  /** In order of the spans' start, at most 500. */
  readonly hits: readonly Hit[];
  /** Fields that hold the words, in all spans. */
  readonly total: number;
}

export function readSpanRow(row: SpanRow): SpanHead {
  const [spanId, parentSpanId, name, kind, status, startMs, durationMs, model, toolName] = row;
  const [inputTokens, outputTokens, costUsd] = [row[9], row[10], row[11]];
  return {
    spanId,
    parentSpanId,
    name,
    kind,
    status,
    startMs,
    durationMs,
    model,
    toolName,
    inputTokens,
    outputTokens,
    costUsd
  };
}
