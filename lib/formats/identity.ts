import { createHash } from "node:crypto";

/**
 * A trace id that the content decides: the same run always gets the same id, two runs never share one.
 *
 * @param parts  what makes the run itself; joined with a separator that no part may forge
 * @returns 32 lower-case hex digits, not all zero
 */
export function traceIdOf(...parts: readonly string[]): string {
  return digest(parts, 32);
}

/** A span id under a trace: 16 lower-case hex digits, not all zero. */
export function spanIdOf(traceId: string, ...parts: readonly string[]): string {
  return digest([traceId, ...parts], 16);
}

function digest(parts: readonly string[], length: number): string {
  const text = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, length);
  return /^0+$/.test(text) ? `${text.slice(1)}1` : text;
}
