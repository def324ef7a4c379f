import { type Fields, fieldsAt, isFields, listAt } from "./fields.ts";
import type { FieldLoss, ImportContext, Imported } from "./imported.ts";
import { parseResourceSpans } from "./otlp.ts";
import { readOtherTimes } from "./otlp-times.ts";

/** Answers of trace stores, which hold the spans of a trace one level down. */
const wrappers = ["trace", "result"];
const resourceLists = ["resourceSpans", "batches"];

/** True for a trace as Tempo's second API and Jaeger's third give it. */
export function isWrappedTrace(value: Fields): boolean {
  return wrappers.some((name) => resourceLists.some((list) => Array.isArray(fieldsAt(value, name)[list])));
}

/** True for one span by itself, without the process and the instrument it came from. */
export function isBareSpan(value: Fields): boolean {
  return typeof value.traceId === "string" && typeof value.spanId === "string" && "startTimeUnixNano" in value;
}

/** True for spans under the names of OTLP's definition, as Python writes them: `resource_spans`. */
export function isSnakeCaseExport(value: Fields): boolean {
  return Array.isArray(value.resource_spans) || Array.isArray(value.scope_spans);
}

/** Spans of a file in any of these forms, and what of them has no place. */
export function parseOtlpFile(value: Fields, context: ImportContext): Imported {
  const parts = listResources(value).map((resource) => {
    const { value: timed, losses } = readOtherTimes(resource);
    const found = parseResourceSpans(timed, context);
    return { ...found, losses: [...losses, ...listLosses(resource)] };
  });
  return {
    spans: parts.flatMap(({ spans }) => spans),
    scores: [],
    rejected: parts.flatMap(({ rejected }) => rejected),
    losses: parts.flatMap(({ losses }) => losses)
  };
}

function listResources(value: Fields): readonly unknown[] {
  if (isSnakeCaseExport(value)) {
    const named = camelCase(value) as Fields;
    return Array.isArray(named.resourceSpans) ? named.resourceSpans : [named];
  }
  if (isBareSpan(value)) return [{ resource: fieldsAt(value, "resource"), scopeSpans: [{ spans: [value] }] }];
  if (!isWrappedTrace(value)) return [value];
  return wrappers.flatMap((name) => resourceLists.flatMap((list) => listAt(fieldsAt(value, name), list)));
}

/** Names of fields only: OTLP's JSON holds names that senders chose as values, never as fields. */
function camelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCase);
  if (!isFields(value)) return value;
  const rename = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [rename(name), camelCase(item)]));
}

/** Fields that are carried over, by what has them. */
const carried: Readonly<Record<string, readonly string[]>> = {
  resource: ["attributes"],
  scope: ["name", "version"],
  span: [
    ...["traceId", "spanId", "parentSpanId", "name", "startTimeUnixNano", "endTimeUnixNano", "attributes", "status"],
    ...["events", "links", "resource"]
  ],
  event: ["name", "timeUnixNano", "attributes"],
  link: ["traceId", "spanId", "attributes"]
};

/** What the columns of spans do not hold: counts of what senders left out, flags, states. */
function listLosses(value: unknown): readonly FieldLoss[] {
  const losses: FieldLoss[] = [];
  const look = (kind: string, item: unknown) => {
    for (const [name, found] of Object.entries(isFields(item) ? item : {}))
      if (!carried[kind]!.includes(name) && !isNothing(found))
        losses.push({ field: `${kind}.${name}`, fate: "dropped", count: 1 });
  };
  const resource = isFields(value) ? value : {};
  look("resource", resource.resource);
  if (!isNothing(resource.schemaUrl)) losses.push({ field: "resource.schemaUrl", fate: "dropped", count: 1 });
  for (const list of ["scopeSpans", "instrumentationLibrarySpans", "ilSpans"]) {
    for (const scope of listAt(resource, list).filter(isFields)) {
      look("scope", { ...fieldsAt(scope, "instrumentationLibrary"), ...fieldsAt(scope, "scope") });
      for (const span of listAt(scope, "spans").filter(isFields)) {
        look("span", span);
        for (const event of listAt(span, "events")) look("event", event);
        for (const link of listAt(span, "links")) look("link", link);
      }
    }
  }
  return losses;
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === "" || value === 0 || value === "0") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
