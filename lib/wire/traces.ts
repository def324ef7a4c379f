import type { Evidence } from "../model/score.ts";
import type { Json, RetrievedDocument, SpanKind, SpanStatus } from "../model/span.ts";
import type { TraceSummary } from "../model/trace.ts";

/** Where the words of a search were found in a trace. */
export interface Excerpt {
  /** A plain word for the place: input, output, tool result, … */
  readonly field: string;
  /** The text around the words, in order; `marked` are the words themselves. */
  readonly parts: readonly { readonly text: string; readonly marked: boolean }[];
}

/** A trace as the list shows it. */
export interface TraceRow extends TraceSummary {
  /** Null where nothing was searched for, or only an id. */
  readonly excerpt: Excerpt | null;
}

/** GET /api/traces: one page of the list. */
export interface TracesReply {
  readonly traces: readonly TraceRow[];
  /** Pass as `before` for the next page; null on the last. */
  readonly next: string | null;
  /** What the page was read from: what came later is told from here on (LiveEvent). */
  readonly snapshotId: number;
}

/** Properties of traces that the list counts. */
export const facetNames = [
  "unit",
  "agent",
  "model",
  "kind",
  "status",
  "tool",
  "environment",
  "label",
  "cost",
  "duration",
  "score"
] as const;
export type FacetName = (typeof facetNames)[number];

/** Values of one property, as an address writes them, with how many traces each would show. */
export interface Facet {
  /** The most frequent first; ranges and verdicts in their own order. */
  readonly choices: readonly (readonly [string, number])[];
  /** Different values in all. */
  readonly distinct: number;
}

/** GET /api/traces/facets: counts under a filter. A property's counts leave its own choice out. */
export interface FacetsReply {
  readonly total: number;
  /** Those that were asked for. */
  readonly facets: Readonly<Partial<Record<FacetName, Facet>>>;
  /** Traces per equal slice of the time range, oldest first; `errors` of them ended in error or hold one. */
  readonly histogram: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly counts: readonly number[];
    readonly errors: readonly number[];
  };
}

/** GET /api/traces/live, server-sent: what came into the lake since the last event. */
export interface LiveEvent {
  /** Say it as `since` to go on from here. */
  readonly snapshotId: number;
  /** Traces of the filter that are new or have changed, the newest first. */
  readonly traces: readonly TraceRow[];
  /** True when more came than are told one by one: read the list again. */
  readonly isFlood: boolean;
}

/** One conversation: traces of one unit that share a session id. */
export interface SessionSummary {
  readonly sessionId: string;
  readonly businessUnit: string;
  readonly traces: number;
  readonly agents: readonly string[];
  readonly errors: number;
  readonly costUsd: number | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly timesSynthesised: boolean;
  /** First 300 characters of its first user message. */
  readonly input: string | null;
}

/** GET /api/sessions: one page, those that went on last first. */
export interface SessionsReply {
  readonly sessions: readonly SessionSummary[];
  readonly next: string | null;
}

/** One trace of a session: what the user asked and what was answered, each cut at 20,000 characters. */
export interface SessionTurn {
  readonly trace: TraceSummary;
  readonly input: string | null;
  readonly output: string | null;
  /** From the end of the trace before to the begin of this one; below 0 where they overlap, null for the first. */
  readonly pauseMs: number | null;
  readonly scores: readonly Pick<TraceScore, "scorer" | "value" | "pass" | "label" | "reason" | "status">[];
}

/** GET /api/sessions/:id?unit&from: a part of its thread, the oldest first. */
export interface SessionReply {
  readonly session: SessionSummary;
  /** Number of the first turn shown, from 0. */
  readonly from: number;
  readonly turns: readonly SessionTurn[];
  /** Other units that know a session of this id. */
  readonly alsoIn: readonly string[];
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
