import type { BusinessUnit } from "./scope.ts";

/** Every kind of step an agent takes; other vocabularies are mapped onto these at import. */
export const spanKinds = [
  "agent",
  "workflow",
  "llm",
  "tool",
  "retriever",
  "reranker",
  "embedding",
  "guardrail",
  "evaluator",
  "memory",
  "plan",
  "chain",
  "prompt",
  "other"
] as const;

export type SpanKind = (typeof spanKinds)[number];

export type SpanStatus = "ok" | "error" | "unset";

/** Any JSON value; what an instrument sent, kept as it came. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A part of a message, after OpenTelemetry's GenAI message schema. Unknown parts are kept. */
export interface MessagePart {
  readonly type: string;
  readonly [key: string]: Json;
}

/** One message of a conversation. */
export interface Message {
  readonly role: string;
  readonly parts: readonly MessagePart[];
  readonly name?: string;
  readonly finish_reason?: string;
}

/** A passage a retriever returned. */
export interface RetrievedDocument {
  readonly id: string | null;
  readonly content: string;
  readonly score: number | null;
  readonly metadata: Json;
}

/**
 * One timed step of a trace. The lake's `spans` table has one column per field (lib/sql/span-columns.ts).
 * Absent knowledge is null, never zero or an empty string.
 */
export interface Span {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, not all zero. */
  readonly spanId: string;
  /** The id as the source wrote it, where that was not 16 hex digits. */
  readonly sourceSpanId: string | null;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: SpanKind;
  /** Nanoseconds since 1970 UTC. */
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** `synthesised`: the source gave no times, so ours only keep the order. */
  readonly timeSource: "reported" | "synthesised";
  readonly status: SpanStatus;
  readonly statusMessage: string | null;
  readonly errorType: string | null;
  readonly businessUnit: BusinessUnit;
  readonly environment: string | null;
  readonly serviceName: string | null;
  readonly agent: string | null;
  readonly agentId: string | null;
  readonly agentVersion: string | null;
  readonly sessionId: string | null;
  readonly userId: string | null;
  readonly provider: string | null;
  readonly model: string | null;
  readonly modelRequested: string | null;
  /** A list of messages where a model or an agent speaks, or speakers are named; otherwise what the source sent. */
  readonly input: Json;
  readonly output: Json;
  /** What a person would read in input and output: the text parts, joined by blank lines. */
  readonly inputText: string | null;
  readonly outputText: string | null;
  readonly systemInstructions: Json;
  readonly toolDefinitions: Json;
  readonly toolName: string | null;
  readonly toolCallId: string | null;
  readonly toolArgs: Json;
  readonly toolResult: Json;
  readonly retrievalQuery: string | null;
  readonly retrievedDocs: readonly RetrievedDocument[] | null;
  /** Tokens as OpenTelemetry counts them: input includes cached, output includes reasoning. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly reasoningTokens: number | null;
  readonly costUsd: number | null;
  readonly costSource: "reported" | "computed" | null;
  readonly ttftSeconds: number | null;
  readonly responseId: string | null;
  readonly finishReasons: readonly string[] | null;
  readonly promptName: string | null;
  readonly promptVersion: string | null;
  /** What has no column of its own, key as sent. */
  readonly attributes: { readonly [key: string]: Json };
  readonly resource: { readonly [key: string]: Json };
  readonly scopeName: string | null;
  readonly scopeVersion: string | null;
  readonly events: Json;
  readonly links: Json;
  readonly schemaUrl: string | null;
  /** The format it came in: one of those that an import understands (lib/formats/record-formats.ts), or `sample`. */
  readonly source: string;
  readonly sourceProject: string | null;
}

/** Span duration in milliseconds; never negative. */
export function durationMs(span: Pick<Span, "startNs" | "endNs">): number {
  return Math.max(0, Number(span.endNs - span.startNs) / 1e6);
}
