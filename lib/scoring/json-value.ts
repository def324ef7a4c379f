import type { Json } from "../model/span.ts";

/** The value of a JSON text; the text itself where it is none, and what is no text as it is. */
export function readJson(value: Json): Json {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

/** One text per value, whatever the order of its keys. */
export function canonicalJson(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonicalJson).join()}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item as Json)}`).join()}}`;
  }
  return JSON.stringify(value) ?? "null";
}
