import type { Json } from "../model/span.ts";
import { buildSpan, readSpanId, readTraceId } from "./build-span.ts";
import { decodeJson } from "./decode-json.ts";
import { asJson, type Fields, fieldsAt, isFields, parseInstantNs, textAt } from "./fields.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { snakeCase } from "./snake-case.ts";
import { rewriteRow, type SourceTable } from "./source-table.ts";

const types = /^(span|generation|event|embedding|agent|tool|chain|retriever|guardrail|evaluator)$/i;

/** True for one observation, of the API or of an export to files. */
export function isLangfuseObservation(value: Fields): boolean {
  const hasTrace = typeof value.traceId === "string" || typeof value.trace_id === "string";
  const hasStart = value.startTime !== undefined || value.start_time !== undefined;
  return hasTrace && hasStart && typeof value.type === "string" && types.test(value.type);
}

/** What the API gives as zero where it is not known, and repeats in other fields where it is. */
const counts = ["prompt_tokens", "completion_tokens", "total_tokens"];

const table: SourceTable = {
  prefix: "langfuse",
  containers: [],
  attributes: {
    type: "langfuse.observation.type",
    input: "langfuse.observation.input",
    output: "langfuse.observation.output",
    model: "langfuse.observation.model.name",
    provided_model_name: "langfuse.observation.model.name",
    usage_details: "langfuse.observation.usage_details",
    cost_details: "langfuse.observation.cost_details",
    total_cost: "gen_ai.usage.cost",
    prompt_name: "langfuse.observation.prompt.name",
    prompt_version: "langfuse.observation.prompt.version",
    completion_start_time: "langfuse.observation.completion_start_time",
    time_to_first_token: "gen_ai.response.time_to_first_chunk",
    environment: "langfuse.environment",
    session_id: "langfuse.session.id",
    user_id: "langfuse.user.id",
    tool_definitions: "gen_ai.tool.definitions",
    level: "langfuse.observation.level",
    status_message: "langfuse.observation.status_message"
  },
  read: ["id", "trace_id", "parent_observation_id", "start_time", "end_time", "name", "project_id", "metadata"],
  dropped: [
    ...["latency", "created_at", "updated_at", "unit", "usage", "bookmarked", "public", "html_path"],
    ...["input_cost", "output_cost", "input_usage", "output_usage", "total_usage", "provided_cost_details"],
    ...["calculated_input_cost", "calculated_output_cost", "calculated_total_cost"],
    ...["input_price", "output_price", "total_price", "model_id", "internal_model_id", "internal_model", "prompt_id"],
    ...counts,
    ...["usage_pricing_tier_id", "usage_pricing_tier_name", "tool_calls", "tool_call_names"]
  ]
};

/**
 * One observation. Attributes of OpenTelemetry that Langfuse keeps in the metadata are read too, after what
 * Langfuse itself made of them.
 *
 * @param trace  the trace that stood beside the observations, if any: its session and user are theirs
 * @param more   attributes that count where the observation says nothing itself
 */
export function parseLangfuseObservation(
  value: Fields,
  trace: Fields,
  context: ImportContext,
  more: Readonly<Record<string, Json>> = {}
): Imported {
  const row = withSpending(snakeCase(value));
  const id = textAt(row, "id") ?? "";
  const name = textAt(row, "name") ?? "";
  const startNs = parseInstantNs(textAt(row, "start_time"));
  if (id === "" || startNs === null)
    return { spans: [], scores: [], rejected: [`the observation "${name}" (${id}) has no id or no start_time`] };
  const { attributes, losses } = rewriteRow(row, table);
  const metadata = asFields(row.metadata);
  const raw = asFields(metadata.attributes);
  const scope = asFields(metadata.scope);
  const { attributes: kept, losses: metadataLosses } = rewriteRow(metadata, {
    prefix: "langfuse.observation.metadata",
    containers: [],
    attributes: { ls_provider: "gen_ai.provider.name", thread_id: "gen_ai.conversation.id" },
    read: ["attributes", "resourceAttributes", "scope"],
    dropped: []
  });
  const head = snakeCase(trace);
  const type = (textAt(row, "type") ?? "").toUpperCase();
  const parent = textAt(row, "parent_observation_id");
  const span = buildSpan(
    {
      traceId: readTraceId(textAt(row, "trace_id") ?? ""),
      spanId: readSpanId(id),
      sourceSpanId: readSpanId(id) === id ? null : id,
      parentSpanId: parent ? readSpanId(parent) : null,
      name,
      startNs,
      endNs: parseInstantNs(textAt(row, "end_time")) ?? startNs,
      status: textAt(row, "level") === "ERROR" ? "error" : null,
      statusMessage: textAt(row, "status_message"),
      attributes: {
        ...more,
        ...raw,
        ...(textAt(head, "environment") ? { "langfuse.environment": asJson(head.environment) } : {}),
        ...(type === "TOOL" ? { "gen_ai.tool.name": name } : {}),
        ...(textAt(head, "session_id") ? { "langfuse.session.id": asJson(head.session_id) } : {}),
        ...(textAt(head, "user_id") ? { "langfuse.user.id": asJson(head.user_id) } : {}),
        ...kept,
        ...attributes
      },
      events: [],
      links: [],
      resource: asFields(metadata.resourceAttributes),
      scopeName: textAt(scope, "name"),
      scopeVersion: textAt(scope, "version"),
      schemaUrl: null,
      source: "langfuse",
      sourceProject: textAt(row, "project_id")
    },
    context
  );
  const named = metadataLosses.map((loss) => ({ ...loss, field: `metadata.${loss.field}` }));
  return { spans: [span], scores: [], rejected: [], losses: [...losses, ...named] };
}

/** Tokens and cost under today's names, where an older export has them under those of its time. */
function withSpending(row: Fields): Fields {
  const found: Record<string, unknown> = { ...row };
  for (const name of counts) if (found[name] === 0) delete found[name];
  if (!hasAny(asFields(row.usage_details))) {
    const usage = asFields(row.usage);
    const isTokens = (usage.unit ?? "TOKENS") === "TOKENS";
    if (isTokens && hasAny(usage, ["input", "output"])) {
      found.usage_details = usage;
      delete found.usage;
    } else if (hasAny(row, ["prompt_tokens", "completion_tokens"])) {
      found.usage_details = { input: row.prompt_tokens, output: row.completion_tokens };
      for (const name of counts) delete found[name];
    }
  }
  if (!hasAny(asFields(row.cost_details)) && !row.total_cost && hasAny(row, ["calculated_total_cost"])) {
    found.total_cost = row.calculated_total_cost;
    delete found.calculated_total_cost;
  }
  return found;
}

/** True where any of the fields is a number that is not zero. */
function hasAny(fields: Fields, names: readonly string[] = Object.keys(fields)): boolean {
  return names.some((name) => Number(fields[name]) > 0);
}

/** The trace that stands beside a list of observations, or whose fields stand there. */
export function readLangfuseTrace(heads: ReadonlyMap<string, unknown>): Fields {
  const all = Object.fromEntries(heads);
  return { sessionId: all.sessionId, userId: all.userId, ...fieldsAt(all, "trace") };
}

function asFields(value: unknown): Readonly<Record<string, Json>> {
  const decoded = decodeJson(asJson(value ?? null));
  return isFields(decoded) ? (decoded as Readonly<Record<string, Json>>) : {};
}
