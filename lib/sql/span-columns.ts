import type { Span } from "../model/span.ts";

/** One column of the lake's `spans` table. */
export interface SpanColumn {
  readonly name: string;
  /** DuckDB type in the file. */
  readonly type: string;
  readonly unit: string | null;
  readonly about: string;
  /** The value as JSON keeps it in a fresh batch. */
  readonly read: (span: Span) => unknown;
}

const json = (value: unknown): string | null => (value === null || value === undefined ? null : JSON.stringify(value));
const filled = (value: object): string | null => (Object.keys(value).length === 0 ? null : JSON.stringify(value));

/** Nanoseconds since 1970 as the text that DuckDB reads into TIMESTAMP_NS. */
export function formatTimestampNs(ns: bigint): string {
  const ms = ns / 1_000_000n;
  const rest = ns - ms * 1_000_000n;
  const [ahead, within] = rest < 0n ? [ms - 1n, rest + 1_000_000n] : [ms, rest];
  return `${new Date(Number(ahead)).toISOString().slice(0, 23).replace("T", " ")}${within.toString().padStart(6, "0")}`;
}

const documentType = "STRUCT(id VARCHAR, content VARCHAR, score DOUBLE, metadata VARCHAR)[]";

/** Every column of `spans` that a span itself decides, in the order of the file. */
export const spanColumns: readonly SpanColumn[] = [
  {
    name: "trace_id",
    type: "VARCHAR",
    unit: null,
    about: "Trace the span belongs to, 32 hex digits",
    read: (s) => s.traceId
  },
  { name: "span_id", type: "VARCHAR", unit: null, about: "The span, 16 hex digits", read: (s) => s.spanId },
  {
    name: "source_span_id",
    type: "VARCHAR",
    unit: null,
    about: "The id as the source wrote it, where it differs",
    read: (s) => s.sourceSpanId
  },
  {
    name: "parent_span_id",
    type: "VARCHAR",
    unit: null,
    about: "The span this one is a step of; null at the root",
    read: (s) => s.parentSpanId
  },
  { name: "name", type: "VARCHAR", unit: null, about: "What the instrument called the step", read: (s) => s.name },
  {
    name: "kind",
    type: "VARCHAR",
    unit: null,
    about:
      "agent, workflow, llm, tool, retriever, reranker, embedding, guardrail, evaluator, memory, plan, chain, prompt or other",
    read: (s) => s.kind
  },
  {
    name: "start_ts",
    type: "TIMESTAMP_NS",
    unit: "UTC",
    about: "When the step began",
    read: (s) => formatTimestampNs(s.startNs)
  },
  {
    name: "end_ts",
    type: "TIMESTAMP_NS",
    unit: "UTC",
    about: "When the step ended",
    read: (s) => formatTimestampNs(s.endNs)
  },
  {
    name: "time_source",
    type: "VARCHAR",
    unit: null,
    about: "reported, or synthesised where the source gave no times and ours only keep the order",
    read: (s) => s.timeSource
  },
  { name: "status", type: "VARCHAR", unit: null, about: "ok, error or unset", read: (s) => s.status },
  {
    name: "status_message",
    type: "VARCHAR",
    unit: null,
    about: "What went wrong, in the instrument's words",
    read: (s) => s.statusMessage
  },
  { name: "error_type", type: "VARCHAR", unit: null, about: "Class of the error", read: (s) => s.errorType },
  {
    name: "environment",
    type: "VARCHAR",
    unit: null,
    about: "Deployment environment, such as production",
    read: (s) => s.environment
  },
  {
    name: "service_name",
    type: "VARCHAR",
    unit: null,
    about: "Service that sent the span",
    read: (s) => s.serviceName
  },
  { name: "agent", type: "VARCHAR", unit: null, about: "Agent whose work this is", read: (s) => s.agent },
  { name: "agent_id", type: "VARCHAR", unit: null, about: "The agent's id", read: (s) => s.agentId },
  { name: "agent_version", type: "VARCHAR", unit: null, about: "The agent's version", read: (s) => s.agentVersion },
  {
    name: "session_id",
    type: "VARCHAR",
    unit: null,
    about: "Conversation the trace belongs to",
    read: (s) => s.sessionId
  },
  {
    name: "user_id",
    type: "VARCHAR",
    unit: null,
    about: "The agent's user, as pseudonymised by the source",
    read: (s) => s.userId
  },
  { name: "provider", type: "VARCHAR", unit: null, about: "Provider of the model", read: (s) => s.provider },
  { name: "model", type: "VARCHAR", unit: null, about: "Model that answered", read: (s) => s.model },
  {
    name: "model_requested",
    type: "VARCHAR",
    unit: null,
    about: "Model that was asked for",
    read: (s) => s.modelRequested
  },
  {
    name: "input",
    type: "VARCHAR",
    unit: "JSON",
    about: "What went in: messages for model and agent spans",
    read: (s) => json(s.input)
  },
  { name: "output", type: "VARCHAR", unit: "JSON", about: "What came out", read: (s) => json(s.output) },
  {
    name: "input_text",
    type: "VARCHAR",
    unit: null,
    about: "The readable text of the input",
    read: (s) => s.inputText
  },
  {
    name: "output_text",
    type: "VARCHAR",
    unit: null,
    about: "The readable text of the output",
    read: (s) => s.outputText
  },
  {
    name: "system_instructions",
    type: "VARCHAR",
    unit: "JSON",
    about: "Instructions the model was under",
    read: (s) => json(s.systemInstructions)
  },
  {
    name: "tool_definitions",
    type: "VARCHAR",
    unit: "JSON",
    about: "Tools the model could call, with their schemas",
    read: (s) => json(s.toolDefinitions)
  },
  { name: "tool_name", type: "VARCHAR", unit: null, about: "Tool that was called", read: (s) => s.toolName },
  {
    name: "tool_call_id",
    type: "VARCHAR",
    unit: null,
    about: "Id of the call in the conversation",
    read: (s) => s.toolCallId
  },
  { name: "tool_args", type: "VARCHAR", unit: "JSON", about: "Arguments of the call", read: (s) => json(s.toolArgs) },
  {
    name: "tool_result",
    type: "VARCHAR",
    unit: "JSON",
    about: "What the tool answered",
    read: (s) => json(s.toolResult)
  },
  {
    name: "retrieval_query",
    type: "VARCHAR",
    unit: null,
    about: "What the retriever was asked",
    read: (s) => s.retrievalQuery
  },
  {
    name: "retrieved_docs",
    type: documentType,
    unit: null,
    about: "Passages the retriever returned",
    read: (s) =>
      s.retrievedDocs?.map((d) => ({ id: d.id, content: d.content, score: d.score, metadata: json(d.metadata) })) ??
      null
  },
  {
    name: "tokens_in",
    type: "BIGINT",
    unit: "tokens",
    about: "Input tokens, cached ones included",
    read: (s) => s.inputTokens
  },
  {
    name: "tokens_out",
    type: "BIGINT",
    unit: "tokens",
    about: "Output tokens, reasoning included",
    read: (s) => s.outputTokens
  },
  {
    name: "tokens_cache_read",
    type: "BIGINT",
    unit: "tokens",
    about: "Input tokens read from the provider's cache",
    read: (s) => s.cacheReadTokens
  },
  {
    name: "tokens_cache_write",
    type: "BIGINT",
    unit: "tokens",
    about: "Input tokens written to the provider's cache",
    read: (s) => s.cacheWriteTokens
  },
  {
    name: "tokens_reasoning",
    type: "BIGINT",
    unit: "tokens",
    about: "Output tokens spent on reasoning",
    read: (s) => s.reasoningTokens
  },
  {
    name: "cost_usd",
    type: "DOUBLE",
    unit: "US dollars",
    about: "Cost of the step itself, without its children",
    read: (s) => s.costUsd
  },
  { name: "cost_source", type: "VARCHAR", unit: null, about: "reported or computed", read: (s) => s.costSource },
  { name: "ttft_s", type: "DOUBLE", unit: "seconds", about: "Time to the first token", read: (s) => s.ttftSeconds },
  {
    name: "response_id",
    type: "VARCHAR",
    unit: null,
    about: "The provider's id of the answer",
    read: (s) => s.responseId
  },
  {
    name: "finish_reasons",
    type: "VARCHAR[]",
    unit: null,
    about: "Why the model stopped",
    read: (s) => s.finishReasons
  },
  {
    name: "prompt_name",
    type: "VARCHAR",
    unit: null,
    about: "Managed prompt that was used",
    read: (s) => s.promptName
  },
  { name: "prompt_version", type: "VARCHAR", unit: null, about: "Its version", read: (s) => s.promptVersion },
  {
    name: "attributes",
    type: "VARCHAR",
    unit: "JSON",
    about: "What has no column of its own, keys as sent",
    read: (s) => filled(s.attributes)
  },
  {
    name: "resource",
    type: "VARCHAR",
    unit: "JSON",
    about: "Attributes of the sending process",
    read: (s) => filled(s.resource)
  },
  { name: "scope_name", type: "VARCHAR", unit: null, about: "Instrumentation library", read: (s) => s.scopeName },
  { name: "scope_version", type: "VARCHAR", unit: null, about: "Its version", read: (s) => s.scopeVersion },
  { name: "events", type: "VARCHAR", unit: "JSON", about: "Events on the span", read: (s) => json(s.events) },
  { name: "links", type: "VARCHAR", unit: "JSON", about: "Links to other spans", read: (s) => json(s.links) },
  { name: "schema_url", type: "VARCHAR", unit: null, about: "Schema the source named", read: (s) => s.schemaUrl },
  { name: "source", type: "VARCHAR", unit: null, about: "Format the span came in", read: (s) => s.source },
  {
    name: "source_project",
    type: "VARCHAR",
    unit: null,
    about: "Project in the source system",
    read: (s) => s.sourceProject
  }
];

/** Columns that the lake itself adds when it takes a span in. */
export const keptColumns = [
  { name: "ingest_seq", type: "BIGINT", unit: null, about: "Order of arrival: the later wins" },
  { name: "ingest_key_id", type: "VARCHAR", unit: null, about: "Key it was sent with; null for imports" },
  { name: "ingested_at", type: "TIMESTAMP", unit: "UTC", about: "When the lake took it in" },
  {
    name: "payload_sha256",
    type: "VARCHAR",
    unit: null,
    about: "Digest of all the above: equal means the same span again"
  }
] as const;

/** Columns that the folders of the lake carry. */
export const partitionColumns = [
  { name: "business_unit", type: "VARCHAR", unit: null, about: "Part of the company that owns the agent" },
  { name: "date", type: "DATE", unit: "UTC", about: "Day the span began" }
] as const;
