import { readInstant } from "./column-mapping-values.ts";
import { type Fields, isFields, listAt } from "./fields.ts";
import type { FieldLoss } from "./imported.ts";

const times = ["startTimeUnixNano", "endTimeUnixNano", "timeUnixNano"];

/** Nanoseconds of 1973: whoever writes a smaller number counts something larger than nanoseconds. */
const fewest = 1e17;

/**
 * Spans of a file whose times are no nanoseconds, though they are called so: seconds, milliseconds and microseconds
 * are told by their size, dates by their form. What was rewritten is named; OTLP as programs send it is not touched.
 */
export function readOtherTimes(resource: unknown): { readonly value: unknown; readonly losses: readonly FieldLoss[] } {
  const losses: FieldLoss[] = [];
  const mend = (item: unknown): unknown => {
    if (!isFields(item)) return item;
    const changed = times.flatMap((name) => {
      const ns = readOther(item[name]);
      if (ns === null) return [];
      losses.push({ field: `span.${name} (not in nanoseconds)`, fate: "dropped", count: 1 });
      return [[name, String(ns)] as const];
    });
    const events = listAt(item, "events");
    const mended = events.map(mend);
    const isSame = changed.length === 0 && mended.every((event, index) => event === events[index]);
    return isSame
      ? item
      : { ...item, ...Object.fromEntries(changed), ...(events.length === 0 ? {} : { events: mended }) };
  };
  const value = mapSpans(resource, mend);
  return { value: losses.length === 0 ? resource : value, losses };
}

/** Null for nanoseconds, and for what is no time at all. */
function readOther(time: unknown): bigint | null {
  const isDigits = typeof time === "number" || (typeof time === "string" && /^\d+$/.test(time));
  const isOther = isDigits
    ? Number(time) >= 1e8 && Number(time) < fewest
    : typeof time === "string" && time.includes("-");
  return isOther ? readInstant(time) : null;
}

function mapSpans(resource: unknown, mend: (span: unknown) => unknown): unknown {
  if (!isFields(resource)) return resource;
  const lists = ["scopeSpans", "instrumentationLibrarySpans", "ilSpans"].filter((name) =>
    Array.isArray(resource[name])
  );
  const scopes = lists.map((name) => [
    name,
    listAt(resource, name).map((scope) =>
      isFields(scope) && Array.isArray(scope.spans)
        ? ({ ...scope, spans: scope.spans.map(mend) } satisfies Fields)
        : scope
    )
  ]);
  return { ...resource, ...Object.fromEntries(scopes) };
}
