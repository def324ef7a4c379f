import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
  type DuckDBValue
} from "@duckdb/node-api";
import type { Json } from "#lib/model/span.ts";

/**
 * A cell of the engine as JSON: structs and lists stay, instants become ISO text in UTC (those without a zone are
 * taken as UTC), decimals numbers, whole numbers beyond 2^53 text, bytes null, everything else its text.
 */
export function toJson(value: DuckDBValue): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(toJson);
  if (value instanceof DuckDBStructValue) return toObject(Object.entries(value.entries));
  if (value instanceof DuckDBMapValue)
    return toObject(value.entries.map(({ key, value: item }) => [String(key), item] as const));
  if (value instanceof DuckDBUnionValue) return toJson(value.value);
  if (value instanceof DuckDBBlobValue) return null;
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  return formatInstant(value) ?? String(value);
}

function toObject(entries: readonly (readonly [string, DuckDBValue])[]): Json {
  return Object.fromEntries(entries.map(([name, item]) => [name, toJson(item)]));
}

/** @returns null for what is no instant; the ends of time stay a word */
function formatInstant(value: DuckDBValue): string | null {
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue)
    return formatFraction(value.micros, 1_000_000n, 6);
  if (value instanceof DuckDBTimestampNanosecondsValue) return formatFraction(value.nanos, 1_000_000_000n, 9);
  if (value instanceof DuckDBTimestampMillisecondsValue) return formatFraction(value.millis, 1000n, 3);
  if (value instanceof DuckDBTimestampSecondsValue) return formatFraction(value.seconds, 1n, 0);
  return null;
}

function formatFraction(count: bigint, perSecond: bigint, digits: number): string | null {
  const rest = ((count % perSecond) + perSecond) % perSecond;
  const date = new Date(Number((count - rest) / perSecond) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const fraction = rest === 0n ? "" : `.${String(rest).padStart(digits, "0")}`;
  return `${date.toISOString().slice(0, -5)}${fraction}Z`;
}
