import type { Annotation } from "../model/annotation.ts";
import type { Evidence } from "../model/score.ts";
import type { Json, RetrievedDocument, SpanKind, SpanStatus } from "../model/span.ts";
import type { TraceSummary } from "../model/trace.ts";

/** GET /api/traces: one page of the list and the counts beside the filters. */
export interface TracesReply {
  readonly traces: readonly TraceSummary[];
  /** Pass as `before` for the next page; null on the last. */
  readonly next: string | null;
  readonly total: number;
  /** Values with counts under the current filters. */
  readonly facets: Readonly<
    Record<"unit" | "agent" | "model" | "status" | "tool" | "scorer" | "label", readonly (readonly [string, number])[]>
  >;
  /** Traces per equal slice of the time range, oldest first. */
  readonly histogram: { readonly fromMs: number; readonly toMs: number; readonly counts: readonly number[] };
}

/** A span without its payload, for the tree; parents come before children. */
export interface SpanHead {
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: SpanKind;
  readonly status: SpanStatus;
  /** Milliseconds after the start of the trace. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly model: string | null;
  readonly toolName: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
}

/** A score as the trace page shows it. */
export interface TraceScore {
  readonly scorer: string;
  readonly scorerVersion: string;
  readonly source: string;
  readonly spanId: string | null;
  /** Null when unscored. */
  readonly value: number | null;
  readonly pass: boolean | null;
  readonly label: string | null;
  readonly reason: string | null;
  readonly status: "ok" | "skipped" | "error";
  readonly evidence: readonly Evidence[];
  readonly scoredAtMs: number;
}

/** One turn of the conversation, readable without JSON. */
export type Turn =
  | { readonly kind: "message"; readonly role: string; readonly text: string; readonly spanId: string | null }
  | {
      readonly kind: "tool";
      readonly name: string;
      readonly args: Json;
      readonly result: Json;
      readonly status: SpanStatus;
      readonly durationMs: number;
      readonly spanId: string;
    }
  | {
      readonly kind: "documents";
      readonly query: string | null;
      readonly documents: readonly RetrievedDocument[];
      readonly spanId: string;
    };

/** GET the tree of a trace: the first 25,000 spans by start; `spansCut` says whether there are more. */
export interface SpansReply {
  readonly spans: readonly SpanHead[];
  readonly spansCut: boolean;
}

/** GET /api/traces/:id, with the first 1,000 spans; where `spansCut` says so, the tree is asked for by itself. */
export interface TraceReply extends SpansReply {
  readonly trace: TraceSummary;
  readonly conversation: readonly Turn[];
  /** Spans that can have turns, and how many of them, in order of start, the conversation was read from. */
  readonly spoken: { readonly shown: number; readonly total: number };
  readonly scores: readonly TraceScore[];
  readonly annotations: readonly Annotation[];
}

/** GET one span: everything in it, payload included; texts over 1 MB are cut and say so. */
export interface SpanReply {
  readonly span: SpanHead;
  readonly statusMessage: string | null;
  readonly input: Json;
  readonly output: Json;
  readonly toolArgs: Json;
  readonly toolResult: Json;
  readonly documents: readonly RetrievedDocument[] | null;
  readonly attributes: Json;
  readonly events: Json;
  readonly cut: boolean;
}

/** GET traces of the same unit whose first message is most like this one's, by the words they share. */
export interface SimilarReply {
  readonly traces: readonly (Pick<TraceSummary, "traceId" | "agent" | "startedAtMs" | "status" | "input"> & {
    /** Cosine of the two weighted word lists, above 0 up to 1 for the same words. */
    readonly likeness: number;
  })[];
  /** Traces that were looked at: the newest of the unit. */
  readonly among: number;
}
