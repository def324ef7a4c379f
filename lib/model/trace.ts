import type { BusinessUnit } from "./scope.ts";
import type { SpanStatus } from "./span.ts";

/** One request handled from start to end, as the list of traces shows it. */
export interface TraceSummary {
  readonly traceId: string;
  readonly businessUnit: BusinessUnit;
  readonly name: string;
  readonly agent: string | null;
  readonly agentVersion: string | null;
  readonly sessionId: string | null;
  /** Milliseconds since 1970 UTC. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** True when the source gave no times and they were made up to keep the order. */
  readonly timesSynthesised: boolean;
  readonly status: SpanStatus;
  readonly spans: number;
  readonly llmCalls: number;
  readonly toolCalls: number;
  readonly errors: number;
  readonly models: readonly string[];
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
  /** First 300 characters of the first user message, and of the last answer. */
  readonly input: string | null;
  readonly output: string | null;
}
