import type { Json, SpanStatus } from "../model/span.ts";
import { buildSpan, readSpanId, readTraceId } from "./build-span.ts";
import { decodeJson } from "./decode-json.ts";
import { asJson, type Fields, fieldsAt, isFields, listAt, parseInstantNs, textAt } from "./fields.ts";
import type { FieldLoss, ImportContext, Imported } from "./imported.ts";
import { rewriteRow } from "./source-table.ts";

/** True for one span of Phoenix: of its API, where ids lie in `context`, or a row of its tables. */
export function isPhoenixSpan(value: Fields): boolean {
  const context = fieldsAt(value, "context");
  const hasIds = typeof context.span_id === "string" || typeof value["context.span_id"] === "string";
  return (
    hasIds && value.start_time !== undefined && ("span_kind" in value || "attributes" in value || "parent_id" in value)
  );
}

const statuses: Readonly<Record<string, SpanStatus>> = { OK: "ok", ERROR: "error" };

/** Fields that the importer reads itself. */
const read = [
  ...["context", "context.trace_id", "context.span_id", "parent_id", "name", "span_kind", "start_time", "end_time"],
  ...["status_code", "status_message", "attributes", "events"]
];

/** One span; what it says lies in OpenInference's attributes, as a tree or in columns with dots. */
export function parsePhoenixSpan(row: Fields, context: ImportContext): Imported {
  const ids = { trace_id: row["context.trace_id"], span_id: row["context.span_id"], ...fieldsAt(row, "context") };
  const id = textAt(ids, "span_id") ?? "";
  const name = textAt(row, "name") ?? "";
  const startNs = parseInstantNs(textAt(row, "start_time"));
  if (startNs === null)
    return { spans: [], scores: [], rejected: [`the span "${name}" (${id}) has a start_time that is no time`] };
  const attributes: Record<string, Json> = {};
  flatten(decodeJson(asJson(row.attributes ?? null)), "", attributes);
  const columns = Object.entries(row).filter(([field]) => field.startsWith("attributes."));
  for (const [field, value] of columns) flatten(asJson(value), field.slice("attributes.".length), attributes);
  const kind = textAt(row, "span_kind");
  if (kind !== null) attributes["openinference.span.kind"] ??= kind;
  const rest = rewriteRow(row, {
    prefix: "phoenix",
    containers: [],
    attributes: {},
    read: [...read, ...columns.map(([field]) => field)],
    dropped: ["id", "cumulative_token_count", "cumulative_error_count"]
  });
  const losses: readonly FieldLoss[] = rest.losses;
  const parent = textAt(row, "parent_id");
  const span = buildSpan(
    {
      traceId: readTraceId(textAt(ids, "trace_id") ?? id),
      spanId: readSpanId(id),
      sourceSpanId: readSpanId(id) === id ? null : id,
      parentSpanId: parent ? readSpanId(parent) : null,
      name,
      startNs,
      endNs: parseInstantNs(textAt(row, "end_time")) ?? startNs,
      status: statuses[textAt(row, "status_code") ?? ""] ?? null,
      statusMessage: textAt(row, "status_message"),
      attributes: { ...rest.attributes, ...attributes },
      events: listAt(row, "events")
        .filter(isFields)
        .map((event) => ({
          name: textAt(event, "name"),
          time: parseInstantNs(textAt(event, "timestamp"))?.toString() ?? null,
          attributes: fieldsAt(event, "attributes") as Record<string, Json>
        })),
      links: [],
      resource: {},
      scopeName: null,
      scopeVersion: null,
      schemaUrl: null,
      source: "phoenix",
      sourceProject: null
    },
    context
  );
  return { spans: [span], scores: [], rejected: [], losses };
}

/** A tree of attributes as names with dots; lists of plain values and free metadata stay whole. */
function flatten(value: Json, path: string, into: Record<string, Json>): void {
  const isTree = isFields(value) || (Array.isArray(value) && value.length > 0 && value.every(isFields));
  if (path !== "" && (!isTree || /(^|\.)metadata$/.test(path))) {
    if (value !== null) into[path] = value as Json;
    return;
  }
  for (const [name, child] of Object.entries(isTree ? (value as object) : {}))
    flatten(child as Json, path === "" ? name : `${path}.${name}`, into);
}
