import { type Fields, fieldsAt, isFields, listAt, textAt } from "./fields.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { isLangfuseScore, parseLangfuseScore } from "./judgement-tables.ts";
import { isLangfuseObservation, parseLangfuseObservation } from "./langfuse.ts";
import { snakeCase } from "./snake-case.ts";
import { type RewrittenRow, rewriteRow, type SourceTable } from "./source-table.ts";

/** What a trace says beside its observations, on the first of them. */
const table: SourceTable = {
  prefix: "langfuse.trace",
  containers: [],
  attributes: {},
  read: ["id", "project_id", "timestamp", "session_id", "user_id", "environment", "observations", "scores"],
  dropped: ["bookmarked", "public", "created_at", "updated_at", "html_path", "latency", "total_cost"]
};

/** True for a trace with its observations, as the API gives one: its fields beside them, or in an object beside. */
export function isLangfuseTrace(value: Fields): boolean {
  const observations = listAt(value, "observations");
  return observations.length > 0 && observations.every((item) => isFields(item) && isLangfuseObservation(item));
}

/** A trace with all that was observed and said of it. What only the trace says stands on its first observation. */
export function parseLangfuseTrace(value: Fields, context: ImportContext): Imported {
  const head: Fields = isFields(value.trace) ? { ...value, ...fieldsAt(value, "trace") } : value;
  const { trace: _, ...row } = snakeCase(head);
  const observations = listAt(value, "observations").filter(isFields);
  const root = observations.find((item) => !(item.parentObservationId ?? item.parent_observation_id));
  const said = rewriteRow(row, table);
  const parts = observations.map((item) => {
    const more = item === (root ?? observations[0]) ? said.attributes : {};
    return parseLangfuseObservation(item, row, context, more);
  });
  for (const score of [...listAt(head, "scores")].filter(isFields)) {
    if (isLangfuseScore(score)) parts.push(parseLangfuseScore({ traceId: textAt(row, "id"), ...score }, context));
    else
      parts.push({
        spans: [],
        scores: [],
        rejected: [`a score of the trace ${textAt(row, "id")} has no name or type`]
      });
  }
  parts.push({ spans: [], scores: [], rejected: [], losses: nameLosses(said) });
  return {
    spans: parts.flatMap(({ spans }) => spans),
    scores: parts.flatMap(({ scores }) => scores),
    rejected: parts.flatMap(({ rejected }) => rejected),
    annotations: parts.flatMap(({ annotations = [] }) => annotations),
    judgements: parts.flatMap(({ judgements = [] }) => judgements),
    losses: parts.flatMap(({ losses = [] }) => losses)
  };
}

/** True for a trace without its observations: of a list of the API, or of an export to files. */
export function isLangfuseTraceRow(value: Fields): boolean {
  const row = snakeCase(value);
  const isOfApi = "html_path" in row;
  const isOfFiles = ["session_id", "user_id", "tags"].every((name) => name in row);
  return typeof row.id === "string" && "timestamp" in row && !("trace_id" in row) && (isOfApi || isOfFiles);
}

/** A trace as a span of its own above its observations: only there its session, user, input and output stand. */
export function parseLangfuseTraceRow(value: Fields, context: ImportContext): Imported {
  const { timestamp, observations: _, scores: __, total_cost: total, ...row } = snakeCase(value);
  const id = String(row.id);
  const span = { ...row, id: `trace/${id}`, trace_id: id, type: "CHAIN", start_time: timestamp };
  // The sum over the observations: as a cost it would count beside theirs.
  const sum = total === undefined || total === null ? {} : { "langfuse.trace.total_cost": Number(total) };
  const read = parseLangfuseObservation(span, {}, context, sum);
  const losses = Object.keys(sum).map((name) => ({
    field: name.slice("langfuse.trace.".length),
    fate: "attribute" as const,
    count: 1
  }));
  return { ...read, losses: [...(read.losses ?? []), ...losses] };
}

function nameLosses({ losses }: RewrittenRow): Imported["losses"] & object {
  return losses.map((loss) => ({ ...loss, field: `trace.${loss.field}` }));
}
