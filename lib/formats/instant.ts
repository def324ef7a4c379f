import type { Json } from "../model/span.ts";

/**
 * An ISO 8601 instant in nanoseconds since 1970 UTC; without a zone it is read as UTC.
 *
 * @returns null for anything else
 */
export function parseIsoNs(value: Json | undefined): bigint | null {
  if (typeof value !== "string") return null;
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9})\d*)?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(
    value.trim()
  );
  if (!match) return null;
  const zone = match[4] === undefined ? "Z" : match[4].replace(/^([+-]\d{2})(\d{2})$/, "$1:$2");
  const ms = Date.parse(`${match[1]}T${match[2]}${zone.toUpperCase()}`);
  return Number.isNaN(ms) ? null : BigInt(ms) * 1_000_000n + BigInt((match[3] ?? "").padEnd(9, "0"));
}
