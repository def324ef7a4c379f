import type { ScoreRecord } from "../model/score.ts";
import type { Json } from "../model/span.ts";
import { buildSpan, readSpanId, readTraceId } from "./build-span.ts";
import { asJson, type Fields, fieldsAt, isFields, listAt, numberAt, parseInstantNs, textAt } from "./fields.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { buildImportedScore } from "./imported-score.ts";
import { rewriteRow, type SourceTable } from "./source-table.ts";

/** True for one span of Braintrust's logs. */
export function isBraintrustSpan(value: Fields): boolean {
  return typeof value.span_id === "string" && typeof value.root_span_id === "string";
}

const kinds: Readonly<Record<string, string>> = {
  llm: "LLM",
  task: "CHAIN",
  function: "CHAIN",
  tool: "TOOL",
  score: "EVALUATOR",
  eval: "CHAIN",
  review: "EVALUATOR"
};

const table: SourceTable = {
  prefix: "braintrust",
  containers: ["span_attributes", "metrics", "metadata"],
  attributes: {
    input: "input.value",
    output: "output.value",
    "metrics.prompt_tokens": "gen_ai.usage.input_tokens",
    "metrics.completion_tokens": "gen_ai.usage.output_tokens",
    "metrics.prompt_cached_tokens": "gen_ai.usage.cache_read.input_tokens",
    "metrics.prompt_cache_creation_tokens": "gen_ai.usage.cache_write.input_tokens",
    "metrics.completion_reasoning_tokens": "gen_ai.usage.reasoning.output_tokens",
    "metrics.estimated_cost": "gen_ai.usage.cost",
    "metrics.time_to_first_token": "gen_ai.response.time_to_first_chunk",
    "metadata.session_id": "gen_ai.conversation.id",
    "metadata.user_id": "user.id",
    "metadata.agent": "gen_ai.agent.name",
    "metadata.model": "gen_ai.response.model",
    "metadata.provider": "gen_ai.provider.name",
    "metadata.tools": "gen_ai.tool.definitions"
  },
  read: [
    ...["id", "span_id", "root_span_id", "span_parents", "is_root", "created", "error", "project_id", "scores"],
    ...["span_attributes.name", "span_attributes.type", "metrics.start", "metrics.end"]
  ],
  dropped: ["_xact_id", "_pagination_key", "org_id", "log_id", "metrics.tokens", "span_attributes.exec_counter"]
};

/** One row of the logs as a span; its scores, each within 0..1, become scores. */
export function parseBraintrustSpan(row: Fields, context: ImportContext): Imported {
  const id = String(row.span_id);
  const spanAttributes = fieldsAt(row, "span_attributes");
  const metrics = fieldsAt(row, "metrics");
  const name = textAt(spanAttributes, "name") ?? "";
  const type = textAt(spanAttributes, "type") ?? "";
  const startNs = readSeconds(metrics, "start") ?? parseInstantNs(textAt(row, "created"));
  if (startNs === null)
    return { spans: [], scores: [], rejected: [`the span "${name}" (${id}) has neither metrics.start nor created`] };
  const { attributes, losses } = rewriteRow(row, table);
  const more: Record<string, Json> = {
    ...(kinds[type] === undefined ? {} : { "openinference.span.kind": kinds[type] }),
    ...(type === "tool" ? { "gen_ai.tool.name": name } : {})
  };
  const [parent] = listAt(row, "span_parents");
  const error = isEmptyError(row.error) ? null : typeof row.error === "string" ? row.error : JSON.stringify(row.error);
  const isRoot = row.is_root === true || typeof parent !== "string";
  const span = buildSpan(
    {
      traceId: readTraceId(String(row.root_span_id)),
      spanId: readSpanId(id),
      sourceSpanId: readSpanId(id) === id ? null : id,
      parentSpanId: typeof parent === "string" ? readSpanId(parent) : null,
      name,
      startNs,
      endNs: readSeconds(metrics, "end") ?? startNs,
      status: error === null ? null : "error",
      statusMessage: error,
      attributes: { ...attributes, ...more },
      events: [],
      links: [],
      resource: {},
      scopeName: null,
      scopeVersion: null,
      schemaUrl: null,
      source: "braintrust",
      sourceProject: textAt(row, "project_id")
    },
    context
  );
  const scores: ScoreRecord[] = Object.entries(fieldsAt(row, "scores")).flatMap(([scorer, value]) =>
    value === null
      ? []
      : [
          buildImportedScore(
            { name: scorer, value: asJson(value), label: null, reason: null, source: "import" },
            span,
            isRoot,
            context
          )
        ]
  );
  return { spans: [span], scores, rejected: [], losses };
}

function isEmptyError(error: unknown): boolean {
  return error === null || error === undefined || error === "" || (isFields(error) && Object.keys(error).length === 0);
}

/** Seconds since 1970 with fractions, to the microsecond: more digits a number of that size does not hold. Null beyond 2255. */
function readSeconds(fields: Fields, name: string): bigint | null {
  const seconds = numberAt(fields, name);
  return seconds === null || seconds < 0 || seconds > 9e9 ? null : BigInt(Math.round(seconds * 1e6)) * 1000n;
}
