import { countedSpans, sumKnown } from "../model/counted-spans.ts";
import type { Json, Span } from "../model/span.ts";
import { formatScorerSpan } from "./scorer-span.ts";
import { formatTimestampNs } from "./span-columns.ts";

/** Columns of `trace_parts`: what one file knows of one trace. `traces` merges the parts of a trace. */
export const tracePartColumns = {
  trace_id: "VARCHAR",
  name: "VARCHAR",
  has_root: "BOOLEAN",
  agent: "VARCHAR",
  agent_version: "VARCHAR",
  session_id: "VARCHAR",
  user_id: "VARCHAR",
  environment: "VARCHAR",
  started_at: "TIMESTAMP",
  ended_at: "TIMESTAMP",
  status: "VARCHAR",
  spans: "BIGINT",
  llm_calls: "BIGINT",
  tool_calls: "BIGINT",
  errors: "BIGINT",
  models: "VARCHAR[]",
  tool_names: "VARCHAR[]",
  tokens_in: "BIGINT",
  tokens_out: "BIGINT",
  cost_usd: "DOUBLE",
  input: "VARCHAR",
  output: "VARCHAR",
  time_source: "VARCHAR",
  spans_json: "VARCHAR"
} as const;

/**
 * Columns of `trace_parts`. A part that is whole was made of all spans that the lake had then, and stands for every
 * part of the trace with a lower `part_seq`.
 */
export const laterPartColumns = { ...tracePartColumns, part_seq: "BIGINT", is_whole: "BOOLEAN" } as const;

/** One row of `trace_parts`, as JSON keeps it in a fresh batch. */
export type TracePart = { readonly [name in keyof typeof tracePartColumns]: unknown };

/** Longest readable input or output kept beside the trace; the whole text stays in the spans. */
export const textCharacters = 20_000;

/** Columns of `spans` that say all that a part says but for the spans themselves. */
export const summaryColumns: readonly string[] = [
  "trace_id",
  "span_id",
  "parent_span_id",
  "name",
  "kind",
  "start_ts",
  "end_ts",
  "time_source",
  "status",
  "environment",
  "agent",
  "agent_version",
  "session_id",
  "user_id",
  "model",
  "input",
  "input_text",
  "output_text",
  "tool_name",
  "tokens_in",
  "tokens_out",
  "cost_usd"
];

/**
 * What a batch knows of one trace.
 *
 * @param spans  spans of one trace, at least one, in any order
 */
export function buildTracePart(spans: readonly Span[]): TracePart {
  return { ...summariseTrace(spans), spans_json: inOrder(spans).map(formatScorerSpan).join(",") };
}

/** By start; spans that start together by id, so that the order does not depend on how they came. */
function inOrder(spans: readonly Span[]): readonly Span[] {
  return [...spans].sort((a, b) =>
    a.startNs < b.startNs ? -1 : a.startNs > b.startNs ? 1 : a.spanId < b.spanId ? -1 : 1
  );
}

/** As `buildTracePart`, without the spans. */
export function summariseTrace(spans: readonly Span[]): Omit<TracePart, "spans_json"> {
  const ordered = inOrder(spans);
  const root = ordered.find((span) => span.parentSpanId === null);
  const head = root ?? ordered[0]!;
  const models = ordered.filter(({ kind }) => kind === "llm");
  const tools = ordered.filter(({ kind }) => kind === "tool");
  const first = <T>(read: (span: Span) => T | null): T | null => {
    const own = read(head);
    if (own !== null) return own;
    for (const span of ordered) {
      const value = read(span);
      if (value !== null) return value;
    }
    return null;
  };
  const counted = countedSpans(ordered, ({ spanId, parentSpanId, inputTokens, outputTokens, costUsd }) => ({
    id: spanId,
    parentId: parentSpanId,
    inputTokens,
    outputTokens,
    costUsd
  }));
  return {
    trace_id: head.traceId,
    name: head.name,
    has_root: root !== undefined,
    agent: first((span) => span.agent),
    agent_version: first((span) => span.agentVersion),
    session_id: first((span) => span.sessionId),
    user_id: first((span) => span.userId),
    environment: first((span) => span.environment),
    started_at: toMicroseconds(ordered[0]!.startNs),
    // Where a span ends before it starts, its start counts: no span then lies outside its trace's days.
    ended_at: toMicroseconds(ordered.map(lastNs).reduce((end, ns) => (ns > end ? ns : end), lastNs(ordered[0]!))),
    status: head.status,
    spans: ordered.length,
    llm_calls: models.length,
    tool_calls: tools.length,
    errors: ordered.filter(({ status }) => status === "error").length,
    models: [...new Set(ordered.map(({ model }) => model).filter((model) => model !== null))].sort(),
    tool_names: [...new Set(tools.map(({ toolName }) => toolName).filter((name) => name !== null))].sort(),
    tokens_in: sumKnown(counted.map(({ inputTokens }) => inputTokens)),
    tokens_out: sumKnown(counted.map(({ outputTokens }) => outputTokens)),
    cost_usd: sumKnown(counted.map(({ costUsd }) => costUsd)),
    input: cutText(
      firstUserText(root?.input) ??
        models.map(({ input }) => firstUserText(input)).find((text) => text !== null) ??
        head.inputText
    ),
    output: cutText(
      root?.outputText ?? models.findLast(({ outputText }) => outputText !== null)?.outputText ?? head.outputText
    ),
    time_source: head.timeSource
  };
}

const lastNs = ({ startNs, endNs }: Span): bigint => (endNs > startNs ? endNs : startNs);

/** Text of the first user message in a list of messages; null when there is none. */
export function firstUserText(input: Json | undefined): string | null {
  if (!Array.isArray(input)) return null;
  for (const message of input as readonly Json[]) {
    if (typeof message !== "object" || message === null || Array.isArray(message)) continue;
    const { role, parts } = message as { readonly role?: Json; readonly parts?: Json };
    if (role !== "user" || !Array.isArray(parts)) continue;
    const texts = (parts as readonly Json[]).flatMap((part) => {
      const content = typeof part === "object" && part !== null && "content" in part ? part.content : null;
      return typeof content === "string" && content !== "" ? [content] : [];
    });
    if (texts.length > 0) return texts.join("\n\n");
  }
  return null;
}

function cutText(text: string | null | undefined): string | null {
  // Not through the middle of a character: half of one cannot be written.
  return text === null || text === undefined ? null : text.slice(0, textCharacters).replace(/[\ud800-\udbff]$/, "");
}

function toMicroseconds(ns: bigint): string {
  return formatTimestampNs(ns).slice(0, -3);
}
