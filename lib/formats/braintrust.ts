import type { ImportedAnnotation } from "../model/annotation.ts";
import type { ScoreRecord } from "../model/score.ts";
import type { Json, Span } from "../model/span.ts";
import { buildSpan, readSpanId, readTraceId } from "./build-span.ts";
import { decodeJson } from "./decode-json.ts";
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
    ...[
      "id",
      "span_id",
      "root_span_id",
      "span_parents",
      "is_root",
      "created",
      "error",
      "project_id",
      "scores",
      "comments"
    ],
    ...["span_attributes.name", "span_attributes.type", "metrics.start", "metrics.end"]
  ],
  dropped: ["_xact_id", "_pagination_key", "org_id", "log_id", "metrics.tokens", "span_attributes.exec_counter"]
};

/** Fields that a table of texts writes as JSON. */
const structured = ["span_attributes", "metrics", "metadata", "scores", "span_parents", "tags", "context", "comments"];

/** One row of the logs as a span; its scores, each within 0..1, become scores, comments what people say of it. */
export function parseBraintrustSpan(given: Fields, context: ImportContext): Imported {
  const decoded = structured.map((name) => [name, decodeJson(asJson(given[name]))] as const);
  const row: Fields = { ...given, ...Object.fromEntries(decoded) };
  const id = String(row.span_id);
  const spanAttributes = fieldsAt(row, "span_attributes");
  const metrics = fieldsAt(row, "metrics");
  const name = textAt(spanAttributes, "name") ?? "";
  const type = textAt(spanAttributes, "type") ?? "";
  const startNs = readSeconds(metrics, "start") ?? parseInstantNs(textAt(row, "created"));
  if (startNs === null)
    return { spans: [], scores: [], rejected: [`the span "${name}" (${id}) has neither metrics.start nor created`] };
  const { attributes, losses: known } = rewriteRow(row, table);
  const losses = [...known];
  const more: Record<string, Json> = {
    ...(kinds[type] === undefined ? {} : { "openinference.span.kind": kinds[type] }),
    ...(type === "tool" ? { "gen_ai.tool.name": name } : {})
  };
  const [parent] = listAt(row, "span_parents");
  const error = isEmptyError(row.error) ? null : typeof row.error === "string" ? row.error : JSON.stringify(row.error);
  const isRoot = row.is_root === true || typeof parent !== "string";
  if (typeof row.id === "string" && row.id !== id) {
    more["braintrust.id"] = row.id;
    losses.push({ field: "id", fate: "attribute", count: 1 });
  }
  const comments = listAt(row, "comments").filter((comment) => isFields(comment) && isComment(comment)) as Fields[];
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
  const silent = listAt(row, "comments").length - comments.length;
  if (silent > 0) losses.push({ field: "comments without a text", fate: "dropped", count: silent });
  const scores: ScoreRecord[] = Object.entries(fieldsAt(row, "scores")).flatMap(([scorer, value]) =>
    value === null
      ? []
      : [
          buildImportedScore(
            {
              name: scorer,
              value: asJson(value),
              label: null,
              reason: null,
              source: "import",
              detail: { format: "braintrust" }
            },
            span,
            isRoot,
            context
          )
        ]
  );
  const annotations = comments.map((comment) => readComment(comment, span, isRoot, context));
  return { spans: [span], scores, rejected: [], losses, annotations };
}

const isComment = (comment: Fields): boolean => (textAt(fieldsAt(comment, "comment"), "text") ?? "") !== "";

/** What somebody wrote beside a row. */
function readComment(comment: Fields, span: Span, isOfTrace: boolean, context: ImportContext): ImportedAnnotation {
  const at = parseInstantNs(textAt(comment, "created"));
  const user = fieldsAt(comment, "user");
  const note = textAt(fieldsAt(comment, "comment"), "text")!;
  return {
    traceId: span.traceId,
    spanId: isOfTrace ? null : span.spanId,
    businessUnit: context.businessUnit,
    label: "comment",
    note,
    rater: textAt(user, "email") ?? textAt(user, "id"),
    source: "braintrust",
    key: textAt(comment, "id") ?? note.slice(0, 80),
    atMs: at === null ? context.nowMs : Number(at / 1_000_000n)
  };
}

function isEmptyError(error: unknown): boolean {
  return error === null || error === undefined || error === "" || (isFields(error) && Object.keys(error).length === 0);
}

/** Seconds since 1970 with fractions, to the microsecond: more digits a number of that size does not hold. Null beyond 2255. */
function readSeconds(fields: Fields, name: string): bigint | null {
  const seconds = numberAt(fields, name);
  return seconds === null || seconds < 0 || seconds > 9e9 ? null : BigInt(Math.round(seconds * 1e6)) * 1000n;
}
