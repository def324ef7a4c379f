import type { Json } from "../model/span.ts";

/** A JSON object whose members may be anything. */
export type JsonObject = { readonly [key: string]: Json };

/** The value as an object; undefined when it is none. */
export function findObject(value: Json | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** The value as a list; empty when it is none. */
export function listItems(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** The value as text that says something; null when it is no text or blank. */
export function findText(value: Json | undefined): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

/** The value as text, numbers and booleans written out; null for the rest. */
export function findWord(value: Json | undefined): string | null {
  return typeof value === "number" || typeof value === "boolean" ? String(value) : findText(value);
}

/** A finite number, also where it came as decimal text; null otherwise. */
export function findNumber(value: Json | undefined): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string" || !/^\s*-?\d+(\.\d+)?([eE][+-]?\d+)?\s*$/.test(value)) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** A whole number of at least zero, such as a count of tokens; null otherwise. */
export function findCount(value: Json | undefined): number | null {
  const number = findNumber(value);
  return number !== null && number >= 0 && Number.isSafeInteger(Math.round(number)) ? Math.round(number) : null;
}

/** Text that holds JSON is decoded; anything else stays what it is. */
export function decodeJson(value: Json | undefined): Json {
  if (value === undefined) return null;
  if (typeof value !== "string" || !/^\s*[[{"]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch (error) {
    // Text that only looks like JSON is a fact of the trace, not a failure.
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}
