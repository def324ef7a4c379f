import type { Json, Span } from "../model/span.ts";

/** How a field of a span becomes a column: as it is, as JSON text, as a time, or as a list of passages. */
type Form = "plain" | "json" | "object" | "time" | "documents";

/** One column of the lake's `spans` table. */
export interface SpanColumn {
  readonly name: string;
  readonly field: keyof Span;
  readonly form: Form;
  /** DuckDB type in the file. */
  readonly type: string;
  readonly unit: string | null;
  readonly about: string;
}

const documentType = "STRUCT(id VARCHAR, content VARCHAR, score DOUBLE, metadata VARCHAR)[]";

/** Every column of `spans` that a span itself decides, in the order of the file. */
export const spanColumns: readonly SpanColumn[] = [
  {
    name: "trace_id",
    field: "traceId",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "Trace the span belongs to, 32 hex digits"
  },
  { name: "span_id", field: "spanId", form: "plain", type: "VARCHAR", unit: null, about: "The span, 16 hex digits" },
  {
    name: "source_span_id",
    field: "sourceSpanId",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "The id as the source wrote it, where it differs"
  },
  {
    name: "parent_span_id",
    field: "parentSpanId",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "The span this one is a step of; null at the root"
  },
  {
    name: "name",
    field: "name",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "What the instrument called the step"
  },
  {
    name: "kind",
    field: "kind",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about:
      "agent, workflow, llm, tool, retriever, reranker, embedding, guardrail, evaluator, memory, plan, chain, prompt or other"
  },
  { name: "start_ts", field: "startNs", form: "time", type: "TIMESTAMP_NS", unit: "UTC", about: "When the step began" },
  { name: "end_ts", field: "endNs", form: "time", type: "TIMESTAMP_NS", unit: "UTC", about: "When the step ended" },
  {
    name: "time_source",
    field: "timeSource",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "reported, or synthesised where the source gave no times and ours only keep the order"
  },
  { name: "status", field: "status", form: "plain", type: "VARCHAR", unit: null, about: "ok, error or unset" },
  {
    name: "status_message",
    field: "statusMessage",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "What went wrong, in the instrument's words"
  },
  { name: "error_type", field: "errorType", form: "plain", type: "VARCHAR", unit: null, about: "Class of the error" },
  {
    name: "environment",
    field: "environment",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "Deployment environment, such as production"
  },
  {
    name: "service_name",
    field: "serviceName",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "Service that sent the span"
  },
  { name: "agent", field: "agent", form: "plain", type: "VARCHAR", unit: null, about: "Agent whose work this is" },
  { name: "agent_id", field: "agentId", form: "plain", type: "VARCHAR", unit: null, about: "The agent's id" },
  {
    name: "agent_version",
    field: "agentVersion",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "The agent's version"
  },
  {
    name: "session_id",
    field: "sessionId",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "Conversation the trace belongs to"
  },
  {
    name: "user_id",
    field: "userId",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "The agent's user, as pseudonymised by the source"
  },
  { name: "provider", field: "provider", form: "plain", type: "VARCHAR", unit: null, about: "Provider of the model" },
  { name: "model", field: "model", form: "plain", type: "VARCHAR", unit: null, about: "Model that answered" },
  {
    name: "model_requested",
    field: "modelRequested",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "Model that was asked for"
  },
  {
    name: "input",
    field: "input",
    form: "json",
    type: "VARCHAR",
    unit: "JSON",
    about: "What went in: messages for model and agent spans"
  },
  { name: "output", field: "output", form: "json", type: "VARCHAR", unit: "JSON", about: "What came out" },
  {
    name: "input_text",
    field: "inputText",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "The readable text of the input"
  },
  {
    name: "output_text",
    field: "outputText",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "The readable text of the output"
  },
  {
    name: "system_instructions",
    field: "systemInstructions",
    form: "json",
    type: "VARCHAR",
    unit: "JSON",
    about: "Instructions the model was under"
  },
  {
    name: "tool_definitions",
    field: "toolDefinitions",
    form: "json",
    type: "VARCHAR",
    unit: "JSON",
    about: "Tools the model could call, with their schemas"
  },
  { name: "tool_name", field: "toolName", form: "plain", type: "VARCHAR", unit: null, about: "Tool that was called" },
  {
    name: "tool_call_id",
    field: "toolCallId",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "Id of the call in the conversation"
  },
  { name: "tool_args", field: "toolArgs", form: "json", type: "VARCHAR", unit: "JSON", about: "Arguments of the call" },
  {
    name: "tool_result",
    field: "toolResult",
    form: "json",
    type: "VARCHAR",
    unit: "JSON",
    about: "What the tool answered"
  },
  {
    name: "retrieval_query",
    field: "retrievalQuery",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "What the retriever was asked"
  },
  {
    name: "retrieved_docs",
    field: "retrievedDocs",
    form: "documents",
    type: documentType,
    unit: null,
    about: "Passages the retriever returned"
  },
  {
    name: "tokens_in",
    field: "inputTokens",
    form: "plain",
    type: "BIGINT",
    unit: "tokens",
    about: "Input tokens, cached ones included"
  },
  {
    name: "tokens_out",
    field: "outputTokens",
    form: "plain",
    type: "BIGINT",
    unit: "tokens",
    about: "Output tokens, reasoning included"
  },
  {
    name: "tokens_cache_read",
    field: "cacheReadTokens",
    form: "plain",
    type: "BIGINT",
    unit: "tokens",
    about: "Input tokens read from the provider's cache"
  },
  {
    name: "tokens_cache_write",
    field: "cacheWriteTokens",
    form: "plain",
    type: "BIGINT",
    unit: "tokens",
    about: "Input tokens written to the provider's cache"
  },
  {
    name: "tokens_reasoning",
    field: "reasoningTokens",
    form: "plain",
    type: "BIGINT",
    unit: "tokens",
    about: "Output tokens spent on reasoning"
  },
  {
    name: "cost_usd",
    field: "costUsd",
    form: "plain",
    type: "DOUBLE",
    unit: "US dollars",
    about: "Cost of the step itself, without its children"
  },
  {
    name: "cost_source",
    field: "costSource",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "reported or computed"
  },
  {
    name: "ttft_s",
    field: "ttftSeconds",
    form: "plain",
    type: "DOUBLE",
    unit: "seconds",
    about: "Time to the first token"
  },
  {
    name: "response_id",
    field: "responseId",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "The provider's id of the answer"
  },
  {
    name: "finish_reasons",
    field: "finishReasons",
    form: "plain",
    type: "VARCHAR[]",
    unit: null,
    about: "Why the model stopped"
  },
  {
    name: "prompt_name",
    field: "promptName",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "Managed prompt that was used"
  },
  { name: "prompt_version", field: "promptVersion", form: "plain", type: "VARCHAR", unit: null, about: "Its version" },
  {
    name: "attributes",
    field: "attributes",
    form: "object",
    type: "VARCHAR",
    unit: "JSON",
    about: "What has no column of its own, keys as sent"
  },
  {
    name: "resource",
    field: "resource",
    form: "object",
    type: "VARCHAR",
    unit: "JSON",
    about: "Attributes of the sending process"
  },
  {
    name: "scope_name",
    field: "scopeName",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "Instrumentation library"
  },
  { name: "scope_version", field: "scopeVersion", form: "plain", type: "VARCHAR", unit: null, about: "Its version" },
  { name: "events", field: "events", form: "json", type: "VARCHAR", unit: "JSON", about: "Events on the span" },
  { name: "links", field: "links", form: "json", type: "VARCHAR", unit: "JSON", about: "Links to other spans" },
  {
    name: "schema_url",
    field: "schemaUrl",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "Schema the source named"
  },
  { name: "source", field: "source", form: "plain", type: "VARCHAR", unit: null, about: "Format the span came in" },
  {
    name: "source_project",
    field: "sourceProject",
    form: "plain",
    type: "VARCHAR",
    unit: null,
    about: "Project in the source system"
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

const daySeconds = 86_400;

/** The day that was asked for last: spans that come together mostly lie on one. */
let lastDay = { number: Number.NaN, text: "" };

/** @param number  days since 1970 */
function formatDay(number: number): string {
  if (number !== lastDay.number)
    lastDay = { number, text: new Date(number * daySeconds * 1000).toISOString().slice(0, 10) };
  return lastDay.text;
}

/** Whole seconds since 1970, rounded down also before it, and the nanoseconds within the second. */
function splitSeconds(ns: bigint): readonly [seconds: number, within: number] {
  const [seconds, within] = [Number(ns / 1_000_000_000n), Number(ns % 1_000_000_000n)];
  return within < 0 ? [seconds - 1, within + 1_000_000_000] : [seconds, within];
}

/** UTC day of an instant in nanoseconds. */
export function dayOf(ns: bigint): string {
  return formatDay(Math.floor(splitSeconds(ns)[0] / daySeconds));
}

/** Nanoseconds since 1970 as the text that DuckDB reads into TIMESTAMP_NS. */
export function formatTimestampNs(ns: bigint): string {
  const [seconds, within] = splitSeconds(ns);
  const day = Math.floor(seconds / daySeconds);
  const inDay = seconds - day * daySeconds;
  const two = (count: number) => String(count).padStart(2, "0");
  const time = `${two(Math.floor(inDay / 3600))}:${two(Math.floor(inDay / 60) % 60)}:${two(inDay % 60)}`;
  return `${formatDay(day)} ${time}.${String(within).padStart(9, "0")}`;
}

/** Milliseconds since 1970 as the text that DuckDB reads into TIMESTAMP. */
export function formatTimestampMs(ms: number): string {
  return new Date(ms).toISOString().slice(0, 23).replace("T", " ");
}

/** A span as a row of a fresh batch: column names to JSON values. Columns that would be null are left out. */
export function formatSpanRow(span: Span): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const { name, field, form } of spanColumns) {
    const value = span[field];
    if (value === null || value === undefined) continue;
    const formatted = formatValue(value, form);
    if (formatted !== null) row[name] = formatted;
  }
  return row;
}

function formatValue(value: NonNullable<unknown>, form: Form): unknown {
  switch (form) {
    case "plain":
      return value;
    case "json":
      return JSON.stringify(value);
    case "object":
      return Object.keys(value).length === 0 ? null : JSON.stringify(value);
    case "time":
      return formatTimestampNs(value as bigint);
    case "documents":
      return (value as NonNullable<Span["retrievedDocs"]>).map(({ id, content, score, metadata }) => ({
        id,
        content,
        score,
        metadata: metadata === null ? null : JSON.stringify(metadata)
      }));
    default:
      return form satisfies never;
  }
}

/**
 * What a select list asks so that `parseSpanRow` can read its answer: times as whole nanoseconds.
 *
 * @param names  columns that are wanted; of the others the span says null
 */
export function selectSpans(names: readonly string[] = spanColumns.map(({ name }) => name)): string {
  return [
    ...spanColumns
      .filter(({ name }) => names.includes(name))
      .map(({ name, form }) =>
        form === "time"
          ? `epoch_ns("${name}")::varchar as "${name}"`
          : form === "documents"
            ? `to_json("${name}")::varchar as "${name}"`
            : `"${name}"`
      ),
    "business_unit"
  ].join(", ");
}

/** All columns that `parseSpanRow` reads. */
export const spanSelectList: string = selectSpans();

/**
 * A row of `spans` read with `spanSelectList`, as the span it was.
 * `parseSpanRow` of what the lake answers for `formatSpanRow(span)` is the span again.
 */
export function parseSpanRow(row: Readonly<Record<string, unknown>>): Span {
  const fields = spanColumns.map(({ name, field, form }) => [field, parseValue(row[name] ?? null, form)]);
  return { ...Object.fromEntries(fields), businessUnit: row.business_unit } as Span;
}

function parseValue(value: unknown, form: Form): unknown {
  switch (form) {
    case "plain":
      // The engine gives counts as bigint; ours stay far below 2^53.
      return typeof value === "bigint" ? Number(value) : value;
    case "json":
      return value === null ? null : (JSON.parse(String(value)) as Json);
    case "object":
      return value === null ? {} : JSON.parse(String(value));
    case "time":
      return BigInt(String(value));
    case "documents":
      return value === null
        ? null
        : (JSON.parse(String(value)) as readonly { readonly metadata: string | null }[]).map((document) => ({
            ...document,
            metadata: document.metadata === null ? null : (JSON.parse(document.metadata) as Json)
          }));
    default:
      return form satisfies never;
  }
}
