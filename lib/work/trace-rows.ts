import type { Json, RetrievedDocument, SpanKind, SpanStatus } from "#lib/model/span.ts";
import type { TraceSummary } from "#lib/model/trace.ts";
import type { SpanHead, TraceScore } from "#lib/wire/traces.ts";
import type { SpokenSpan } from "./trace-conversation.ts";

/** A row as a kernel gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** Columns of `traces t` that say where a trace lies. */
export const placeColumns = `t.trace_id, t.business_unit, t.spans, epoch_us(t.started_at) as started_us,
  t.ended_at::date::varchar as last_day, t."date"::varchar as first_day`;

/** Columns of `traces t` that make a summary, but for its texts. */
export const summaryColumns = `t.trace_id, t.business_unit, t.name, t.agent, t.agent_version, t.session_id,
  epoch_us(t.started_at) / 1000.0::double as started_ms, t.duration_ms, t.status, t.spans, t.llm_calls, t.tool_calls,
  t.errors, t.models, t.tokens_in, t.tokens_out, t.cost_usd, t.time_source, epoch_us(t.started_at) as started_us,
  t.ended_at::date::varchar as last_day, t."date"::varchar as first_day`;

/** Columns of `traces t` that make a summary with the beginning of its texts. */
export const shownColumns = `${summaryColumns}, left(t.input, 300) as input, left(t.output, 300) as output`;

/** Columns of `spans` that make a head; `$startUs` is the trace's start. */
export const headColumns = `span_id, parent_span_id, name, kind, status,
  (epoch_ns(start_ts) - $startUs::bigint * 1000) / 1000000.0::double as start_ms,
  (epoch_ns(end_ts) - epoch_ns(start_ts)) / 1000000.0::double as duration_ms,
  model, tool_name, tokens_in, tokens_out, cost_usd`;

/** Texts and values of a span that the conversation shows. */
export const spokenColumns = `input, output, input_text, output_text, system_instructions, tool_call_id, tool_args,
  tool_result, retrieval_query, to_json(retrieved_docs)::varchar as documents`;

export function text(row: Row, name: string): string | null {
  const value = row[name];
  return value === null || value === undefined ? null : String(value);
}

export function number(row: Row, name: string): number | null {
  const value = row[name];
  return value === null || value === undefined ? null : Number(value);
}

/** A JSON text as its value; what is no JSON stays the text it is. */
export function json(row: Row, name: string): Json {
  const value = text(row, name);
  if (value === null) return null;
  try {
    return JSON.parse(value) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}

/** A summary from `summaryColumns`, and the texts where the row has them. */
export function readSummary(row: Row): TraceSummary {
  return {
    traceId: text(row, "trace_id") ?? "",
    businessUnit: text(row, "business_unit") ?? "",
    name: text(row, "name") ?? "",
    agent: text(row, "agent"),
    agentVersion: text(row, "agent_version"),
    sessionId: text(row, "session_id"),
    startedAtMs: number(row, "started_ms") ?? 0,
    durationMs: number(row, "duration_ms") ?? 0,
    timesSynthesised: row["time_source"] === "synthesised",
    status: (text(row, "status") ?? "unset") as SpanStatus,
    spans: number(row, "spans") ?? 0,
    llmCalls: number(row, "llm_calls") ?? 0,
    toolCalls: number(row, "tool_calls") ?? 0,
    errors: number(row, "errors") ?? 0,
    models: Array.isArray(row["models"]) ? row["models"].map(String) : [],
    inputTokens: number(row, "tokens_in"),
    outputTokens: number(row, "tokens_out"),
    costUsd: number(row, "cost_usd"),
    input: text(row, "input"),
    output: text(row, "output")
  };
}

export function readHead(row: Row): SpanHead {
  return {
    spanId: text(row, "span_id") ?? "",
    parentSpanId: text(row, "parent_span_id"),
    name: text(row, "name") ?? "",
    kind: (text(row, "kind") ?? "other") as SpanKind,
    status: (text(row, "status") ?? "unset") as SpanStatus,
    startMs: number(row, "start_ms") ?? 0,
    durationMs: number(row, "duration_ms") ?? 0,
    model: text(row, "model"),
    toolName: text(row, "tool_name"),
    inputTokens: number(row, "tokens_in"),
    outputTokens: number(row, "tokens_out"),
    costUsd: number(row, "cost_usd")
  };
}

export function readSpoken(row: Row): SpokenSpan {
  const { spanId, parentSpanId, kind, status, durationMs, toolName } = readHead(row);
  return {
    spanId,
    parentSpanId,
    kind,
    status,
    durationMs,
    toolName,
    input: json(row, "input"),
    output: json(row, "output"),
    inputText: text(row, "input_text"),
    outputText: text(row, "output_text"),
    systemInstructions: json(row, "system_instructions"),
    toolCallId: text(row, "tool_call_id"),
    toolArgs: json(row, "tool_args"),
    toolResult: json(row, "tool_result"),
    retrievalQuery: text(row, "retrieval_query"),
    documents: readDocuments(row)
  };
}

export function readDocuments(row: Row): readonly RetrievedDocument[] | null {
  const value = json(row, "documents");
  return Array.isArray(value) ? (value as unknown as readonly RetrievedDocument[]) : null;
}

export function readScore(row: Row): TraceScore {
  const evidence = json(row, "evidence");
  return {
    scorer: text(row, "scorer") ?? "",
    scorerVersion: text(row, "scorer_version") ?? "",
    source: text(row, "source") ?? "",
    spanId: text(row, "span_id"),
    value: number(row, "value"),
    pass: typeof row["pass"] === "boolean" ? row["pass"] : null,
    label: text(row, "label"),
    reason: text(row, "reason"),
    status: (text(row, "status") ?? "ok") as TraceScore["status"],
    evidence: Array.isArray(evidence) ? (evidence as unknown as TraceScore["evidence"]) : [],
    scoredAtMs: number(row, "scored_ms") ?? 0
  };
}
