import type { Json, RetrievedDocument, SpanKind, SpanStatus } from "./span.ts";

/** A span inside a trace document. */
export interface SpanDocument {
  readonly id: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly kind: SpanKind;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly status: SpanStatus;
  readonly statusMessage: string | null;
  readonly errorType: string | null;
  readonly model: string | null;
  readonly input: Json;
  readonly output: Json;
  readonly inputText: string | null;
  readonly outputText: string | null;
  readonly toolName: string | null;
  readonly toolCallId: string | null;
  readonly toolArgs: Json;
  readonly toolResult: Json;
  readonly toolDefinitions: Json;
  readonly systemInstructions: Json;
  readonly retrievalQuery: string | null;
  readonly documents: readonly RetrievedDocument[] | null;
  readonly usage: {
    readonly inputTokens: number | null;
    readonly outputTokens: number | null;
    readonly cacheReadTokens: number | null;
    readonly cacheWriteTokens: number | null;
    readonly reasoningTokens: number | null;
  };
  readonly costUsd: number | null;
  readonly attributes: { readonly [key: string]: Json };
}

/** A session as it crosses into the sandbox. */
export interface SessionDocument {
  readonly id: string;
  readonly businessUnit: string;
  /** In the order they began. */
  readonly traces: readonly TraceDocument[];
}

/** A whole trace as the lake hands it out (`trace_documents.document`) and as it crosses into the sandbox. */
export interface TraceDocument {
  readonly id: string;
  readonly businessUnit: string;
  readonly name: string;
  readonly agent: string | null;
  readonly agentVersion: string | null;
  readonly sessionId: string | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly status: SpanStatus;
  readonly spans: readonly SpanDocument[];
  /** What should have come out, where somebody said so; added on the way to a scorer. */
  readonly expected?: Json;
}
