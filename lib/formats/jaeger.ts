import type { Json, Span } from "../model/span.ts";
import { buildSpan } from "./build-span.ts";
import { asJson, type Fields, fieldsAt, isFields, listAt, numberAt, textAt } from "./fields.ts";
import type { FieldLoss, ImportContext, Imported } from "./imported.ts";

/** True for one trace of Jaeger's JSON: an element of `data`. */
export function isJaegerTrace(value: Fields): boolean {
  return typeof value.traceID === "string" && Array.isArray(value.spans) && isFields(value.processes);
}

/** True for one span of Jaeger by itself, as its stores keep it: with its process within. */
export function isJaegerSpan(value: Fields): boolean {
  return typeof value.traceID === "string" && typeof value.spanID === "string" && "operationName" in value;
}

/** Fields that have no place in a span. */
const dropped = ["warnings", "flags"];

/** One trace; its processes become resources, its tags attributes, its logs events. */
export function parseJaegerTrace(trace: Fields, context: ImportContext): Imported {
  const processes = fieldsAt(trace, "processes");
  const spans: Span[] = [];
  const rejected: string[] = [];
  const losses: FieldLoss[] = [];
  for (const item of listAt(trace, "spans")) {
    const span = isFields(item) ? parseSpan(item, processes, context) : "a span is no object";
    if (typeof span === "string") rejected.push(span);
    else spans.push(span);
    for (const field of dropped)
      if (isFields(item) && item[field]) losses.push({ field: `spans.${field}`, fate: "dropped", count: 1 });
  }
  return { spans, scores: [], rejected, losses };
}

/** Hex digits of an id; Jaeger leaves out leading zeros. Null for what is none, or all zero. */
function hexId(id: string | null, digits: 16 | 32): string | null {
  const hex = (id ?? "").toLowerCase().padStart(digits, "0");
  return id !== null && new RegExp(`^[0-9a-f]{${digits}}$`).test(hex) && !/^0+$/.test(hex) ? hex : null;
}

function readTags(fields: Fields, name: string): Record<string, Json> {
  return Object.fromEntries(
    listAt(fields, name).flatMap((tag) =>
      isFields(tag) && typeof tag.key === "string" ? [[tag.key, readTag(tag)] as const] : []
    )
  );
}

/** A tag's value as its type says, where it is written as text. */
function readTag({ type, value }: Fields): Json {
  if (typeof value !== "string") return asJson(value);
  if (type === "bool") return value === "true" || (value === "false" ? false : value);
  const number = type === "int64" || type === "float64" ? Number(value) : Number.NaN;
  const isExact = type === "float64" ? Number.isFinite(number) : Number.isSafeInteger(number);
  return isExact && value.trim() !== "" ? number : value;
}

/** A count also where it is written as text; null where there is none. */
function readCount(fields: Fields, name: string): number | null {
  const value = fields[name];
  const isDigits = typeof value === "string" && /^\d+$/.test(value);
  return isDigits ? Number(value) : numberAt(fields, name);
}

function parseSpan(item: Fields, processes: Fields, context: ImportContext): Span | string {
  const name = textAt(item, "operationName") ?? "";
  const traceId = hexId(textAt(item, "traceID"), 32);
  const spanId = hexId(textAt(item, "spanID"), 16);
  const startUs = readCount(item, "startTime");
  if (traceId === null || spanId === null) return `span "${name}": traceID or spanID is no hex id, or all zero`;
  if (startUs === null || startUs < 0 || startUs > 9e15)
    return `span "${name}" (${spanId}): startTime is no number of microseconds since 1970`;
  const {
    "otel.status_code": code,
    "otel.status_description": description,
    "otel.scope.name": scopeName,
    "otel.scope.version": scopeVersion,
    error,
    ...attributes
  } = readTags(item, "tags");
  const references = listAt(item, "references").filter(isFields);
  const own = references.filter(({ traceID }) => hexId(String(traceID), 32) === traceId);
  // A step that only follows another stands below it, as Jaeger's own page draws it.
  const parent = own.find(({ refType }) => refType === "CHILD_OF") ?? own[0] ?? null;
  const process = isFields(item.process) ? item.process : fieldsAt(processes, textAt(item, "processID") ?? "");
  const service = textAt(process, "serviceName");
  const startNs = BigInt(Math.round(startUs)) * 1000n;
  return buildSpan(
    {
      traceId,
      spanId,
      sourceSpanId: null,
      parentSpanId: hexId(textAt(parent ?? {}, "spanID") ?? textAt(item, "parentSpanID"), 16),
      name,
      startNs,
      endNs: startNs + BigInt(Math.round(Math.min(9e15, Math.max(-9e15, readCount(item, "duration") ?? 0)))) * 1000n,
      status: code === "ERROR" || error === true || error === "true" ? "error" : code === "OK" ? "ok" : null,
      statusMessage: typeof description === "string" ? description : null,
      attributes,
      events: listAt(item, "logs")
        .filter(isFields)
        .map((log) => {
          const { event, ...fields } = readTags(log, "fields");
          const time = readCount(log, "timestamp");
          return {
            name: typeof event === "string" ? event : null,
            time: time === null ? null : String(BigInt(Math.round(time)) * 1000n),
            attributes: fields
          };
        }),
      links: references
        .filter((reference) => reference !== parent)
        .map((link) => ({ traceId: textAt(link, "traceID"), spanId: textAt(link, "spanID"), attributes: {} })),
      resource: { ...readTags(process, "tags"), ...(service === null ? {} : { "service.name": service }) },
      scopeName: typeof scopeName === "string" ? scopeName : null,
      scopeVersion: typeof scopeVersion === "string" ? scopeVersion : null,
      schemaUrl: null,
      source: "jaeger",
      sourceProject: null
    },
    context
  );
}
