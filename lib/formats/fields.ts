import type { Json } from "../model/span.ts";

/** A JSON object whose fields have not been looked at. */
export type Fields = { readonly [key: string]: unknown };

/** True for a JSON object. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The object at a field, or an empty one. */
export const fieldsAt = (fields: Fields, name: string): Fields => {
  const value = fields[name];
  return isFields(value) ? value : {};
};

/** The list at a field, or an empty one. */
export const listAt = (fields: Fields, name: string): readonly unknown[] => {
  const value = fields[name];
  return Array.isArray(value) ? value : [];
};

/** The text at a field; numbers and booleans as text; null for anything else. */
export const textAt = (fields: Fields, name: string): string | null => {
  const value = fields[name];
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
};

/** The finite number at a field, or null. */
export const numberAt = (fields: Fields, name: string): number | null => {
  const value = fields[name];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
};

/** The whole, non-negative number at a field, or null. */
export const countAt = (fields: Fields, name: string): number | null => {
  const value = numberAt(fields, name);
  return value !== null && value >= 0 ? Math.round(value) : null;
};

/** A value that came out of JSON, as such. */
export const asJson = (value: unknown): Json => (value === undefined ? null : (value as Json));

/** Readable text of message content: a text, or a list of parts with texts. */
export function contentText(content: unknown): string | null {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return null;
  const texts = content.flatMap((part: unknown) => {
    if (typeof part === "string") return [part];
    if (!isFields(part)) return [];
    const text = textAt(part, "text") ?? textAt(part, "content");
    return text === null ? [] : [text];
  });
  return texts.length === 0 ? null : texts.join("\n\n");
}

/** Nanoseconds of an ISO time; one without a zone is taken as UTC. Null where it is none. */
export function parseInstantNs(text: string | null): bigint | null {
  if (text === null) return null;
  const match = /^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?$/.exec(text.trim());
  if (!match) return null;
  const ms = Date.parse(`${match[1]!.replace(" ", "T")}${match[3] ?? "Z"}`);
  return Number.isNaN(ms) ? null : BigInt(ms) * 1_000_000n + BigInt((match[2] ?? "").padEnd(9, "0") || "0");
}
