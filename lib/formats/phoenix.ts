import type { ScoreRecord } from "../model/score.ts";
import type { Json, Span, SpanStatus } from "../model/span.ts";
import { buildSpan, readSpanId, readTraceId } from "./build-span.ts";
import { decodeJson } from "./decode-json.ts";
import { asJson, type Fields, fieldsAt, isFields, parseInstantNs, textAt } from "./fields.ts";
import type { FieldLoss, ImportContext, Imported } from "./imported.ts";
import { buildImportedScore } from "./imported-score.ts";
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
  ...["status_code", "status_message", "attributes", "events"],
  // As OpenTelemetry's client for Python prints a span.
  ...["status", "resource", "links"]
];

/** What was said of a span, in the rows of a data frame: `eval.Relevance.score`. */
const evaluation = /^eval\.(.+)\.(label|score|explanation)$/;

/** What people and programs said of a span, in a list beside its attributes. */
const annotationLists = ["annotations", "span_annotations"];

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
  const lists = annotationLists.filter((field) => Array.isArray(decodeJson(asJson(row[field]))));
  for (const field of lists) attributes.annotations ??= decodeJson(asJson(row[field]));
  const evaluations = Object.keys(row).filter((field) => evaluation.test(field));
  const printed = fieldsAt(row, "status");
  const resource = fieldsAt(row, "resource");
  const rest = rewriteRow(row, {
    prefix: "phoenix",
    containers: [],
    attributes: {},
    read: [...read, ...columns.map(([field]) => field), ...lists, ...evaluations],
    dropped: ["id", "cumulative_token_count", "cumulative_error_count"]
  });
  const losses: readonly FieldLoss[] = rest.losses;
  const parent = textAt(row, "parent_id");
  const span = buildSpan(
    {
      traceId: readTraceId(textAt(ids, "trace_id") ?? id),
      spanId: readSpanId(id),
      sourceSpanId: readSpanId(id) === id.replace(/^0x/, "") ? null : id,
      parentSpanId: parent ? readSpanId(parent) : null,
      name,
      startNs,
      endNs: parseInstantNs(textAt(row, "end_time")) ?? startNs,
      status: statuses[textAt(row, "status_code") ?? textAt(printed, "status_code") ?? ""] ?? null,
      statusMessage: textAt(row, "status_message") ?? textAt(printed, "description"),
      attributes: { ...rest.attributes, ...attributes },
      events: readList(row.events).map((event) => {
        const said: Record<string, Json> = {};
        flatten(asJson(event.attributes ?? null), "", said);
        const time = parseInstantNs(textAt(event, "timestamp"))?.toString() ?? null;
        return { name: textAt(event, "name"), time, attributes: said };
      }),
      links: readList(row.links).map((link) => ({
        traceId: textAt(fieldsAt(link, "context"), "trace_id"),
        spanId: textAt(fieldsAt(link, "context"), "span_id"),
        attributes: fieldsAt(link, "attributes") as Record<string, Json>
      })),
      resource: fieldsAt(resource, "attributes") as Record<string, Json>,
      scopeName: null,
      scopeVersion: null,
      schemaUrl: textAt(resource, "schema_url") || null,
      source: "phoenix",
      sourceProject: null
    },
    context
  );
  return { spans: [span], scores: readEvaluations(row, span, context), rejected: [], losses };
}

const readList = (value: unknown): readonly Fields[] => {
  const decoded = decodeJson(asJson(value ?? null));
  return Array.isArray(decoded) ? decoded.filter(isFields) : [];
};

function readEvaluations(row: Fields, span: Span, context: ImportContext): readonly ScoreRecord[] {
  const names = Object.keys(row).flatMap((field) => evaluation.exec(field)?.[1] ?? []);
  return [...new Set(names)].flatMap((name) => {
    const [value, label, reason] = ["score", "label", "explanation"].map((part) => row[`eval.${name}.${part}`] ?? null);
    if (value === null && label === null) return [];
    const verdict = { value: asJson(value), label: textAt({ label }, "label"), reason: textAt({ reason }, "reason") };
    const score = { name, ...verdict, source: "import" as const, detail: { format: "phoenix" } };
    return [buildImportedScore(score, span, false, context)];
  });
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
