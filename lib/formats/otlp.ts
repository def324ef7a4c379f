import { Fault, isFault } from "../model/fault.ts";
import type { Json, Span, SpanStatus } from "../model/span.ts";
import { buildSpan } from "./build-span.ts";
import { asJson, type Fields, fieldsAt, isFields, listAt, numberAt, textAt } from "./fields.ts";
import { fillAgents } from "./fill-agents.ts";
import type { ImportContext, Imported } from "./imported.ts";

/** True for one element of `resourceSpans`, or of Tempo's `batches`. */
export function isOtlpResource(value: unknown): value is Fields {
  return isFields(value) && scopeLists.some((name) => Array.isArray(value[name]));
}

/** What holds the spans of one instrument: today's name, and the two that it had before. */
const scopeLists = ["scopeSpans", "instrumentationLibrarySpans", "ilSpans"];

/** One element of `resourceSpans`: the spans of one process. */
export function parseResourceSpans(value: unknown, context: ImportContext): Imported {
  if (!isFields(value)) return { spans: [], scores: [], rejected: ["an element of resourceSpans is no object"] };
  const resource = parseAttributes(fieldsAt(value, "resource"));
  const spans: Span[] = [];
  const rejected: string[] = [];
  for (const scopeSpans of scopeLists.flatMap((name) => listAt(value, name))) {
    if (!isFields(scopeSpans)) continue;
    const scope = { ...fieldsAt(scopeSpans, "instrumentationLibrary"), ...fieldsAt(scopeSpans, "scope") };
    for (const item of listAt(scopeSpans, "spans")) {
      const span = trySpan(item, () => parseSpan(item, resource, scope, context, textAt(scopeSpans, "schemaUrl")));
      if (typeof span === "string") rejected.push(span);
      else spans.push(span);
    }
  }
  return { spans: fillAgents(spans), scores: [], rejected };
}

/** A span that cannot be read costs itself, not the others. */
function trySpan(item: unknown, parse: () => Span | string): Span | string {
  try {
    return parse();
  } catch (error) {
    // A RangeError is the stack's answer to what nests too deeply.
    if (!isFault(error) && !(error instanceof RangeError)) throw error;
    return `span "${isFields(item) ? textAt(item, "name") : ""}": ${error.message}`;
  }
}

/** By number, as OTLP has it, or by name, as Tempo writes it. */
const statusOf: Readonly<Record<string, SpanStatus>> = {
  "1": "ok",
  "2": "error",
  STATUS_CODE_OK: "ok",
  STATUS_CODE_ERROR: "error"
};

/** @returns the span, or why it cannot be one */
function parseSpan(
  value: unknown,
  resource: Readonly<Record<string, Json>>,
  scope: Fields,
  context: ImportContext,
  schemaUrl: string | null
): Span | string {
  if (!isFields(value)) return "a span is no object";
  const traceId = idAt(value, "traceId");
  const spanId = idAt(value, "spanId");
  const parent = idAt(value, "parentSpanId");
  const name = textAt(value, "name") ?? "";
  if (!isTraceId(traceId))
    return `span "${name}": the trace id "${traceId.slice(0, 40)}" is not 32 hex digits, or all zero`;
  if (!isSpanId(spanId))
    return `span "${name}": the span id "${spanId.slice(0, 40)}" is not 16 hex digits, or all zero`;
  const startNs = instantAt(value, "startTimeUnixNano");
  if (startNs === null) return `span "${name}" (${spanId}): startTimeUnixNano is missing or no number`;
  const endNs = instantAt(value, "endTimeUnixNano") ?? startNs;
  const attributes = parseAttributes(value);
  const status = fieldsAt(value, "status");
  const events = listAt(value, "events").flatMap((event) =>
    isFields(event)
      ? [{ name: textAt(event, "name"), time: textAt(event, "timeUnixNano"), attributes: parseAttributes(event) }]
      : []
  );
  const links = listAt(value, "links").flatMap((link) =>
    isFields(link)
      ? [{ traceId: textAt(link, "traceId"), spanId: textAt(link, "spanId"), attributes: parseAttributes(link) }]
      : []
  );
  return buildSpan(
    {
      traceId,
      spanId,
      sourceSpanId: null,
      parentSpanId: isSpanId(parent) ? parent : null,
      name,
      startNs,
      endNs,
      status: statusOf[textAt(status, "code") ?? ""] ?? null,
      statusMessage: textAt(status, "message"),
      attributes,
      events,
      links,
      resource,
      scopeName: textAt(scope, "name"),
      scopeVersion: textAt(scope, "version"),
      schemaUrl,
      source: "otlp",
      sourceProject: null
    },
    context
  );
}

/** An id in lower-case hex; one in base64, which protobuf's own JSON form has, is rewritten. */
export function idAt(fields: Fields, name: string): string {
  const text = textAt(fields, name) ?? "";
  const isBase64 = text.endsWith("=") && /^([A-Za-z0-9+/]{22}==|[A-Za-z0-9+/]{11}=)$/.test(text);
  return isBase64 ? Buffer.from(text, "base64").toString("hex") : text.toLowerCase();
}

/** True for 32 lower-case hex digits, not all zero. */
export const isTraceId = (id: string): boolean => /^[0-9a-f]{32}$/.test(id) && !/^0+$/.test(id);

/** True for 16 lower-case hex digits, not all zero. */
export const isSpanId = (id: string): boolean => /^[0-9a-f]{16}$/.test(id) && !/^0+$/.test(id);

/** Nanoseconds since 1970 at a field, written as text or as a number; null where there are none. */
export function instantAt(fields: Fields, name: string): bigint | null {
  const value = fields[name];
  if (typeof value === "string" && /^\d{1,20}$/.test(value)) return BigInt(value);
  const count = numberAt(fields, name);
  return count !== null && count >= 0 ? BigInt(Math.round(count)) : null;
}

/** OTLP's list of keys and typed values as a plain object; a plain object is taken as it is. */
export function parseAttributes(fields: Fields): Record<string, Json> {
  const { attributes } = fields;
  if (isFields(attributes)) {
    if (isDeeper(attributes, depthLimit)) throw new Fault("invalid", tooDeep);
    return attributes as Record<string, Json>;
  }
  return parseKeyValues(fields, "attributes", 0);
}

function parseKeyValues(fields: Fields, name: string, depth: number): Record<string, Json> {
  const found: Record<string, Json> = {};
  for (const item of listAt(fields, name)) {
    if (!isFields(item) || typeof item.key !== "string") continue;
    const value = parseAnyValue(item.value, depth);
    // A key like any other, which an assignment would take for something else.
    if (item.key === "__proto__") Object.defineProperty(found, item.key, { value, ...plainProperty });
    else found[item.key] = value;
  }
  return found;
}

const plainProperty = { enumerable: true, configurable: true, writable: true } as const;

/** Values within values, as in the protobuf form. */
const depthLimit = 100;
const tooDeep = `an attribute nests values more than ${depthLimit} deep`;

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)));

function parseAnyValue(value: unknown, depth: number): Json {
  if (depth > depthLimit) throw new Fault("invalid", tooDeep);
  if (!isFields(value)) return asJson(value);
  if ("stringValue" in value) return asJson(value.stringValue);
  if ("boolValue" in value) return asJson(value.boolValue);
  if ("doubleValue" in value) return asJson(value.doubleValue);
  if ("intValue" in value) {
    const count = Number(value.intValue);
    return Number.isSafeInteger(count) ? count : String(value.intValue);
  }
  if ("arrayValue" in value)
    return listAt(fieldsAt(value, "arrayValue"), "values").map((item) => parseAnyValue(item, depth + 1));
  if ("kvlistValue" in value) return parseKeyValues(fieldsAt(value, "kvlistValue"), "values", depth + 1);
  if ("bytesValue" in value) return asJson(value.bytesValue);
  return null;
}
