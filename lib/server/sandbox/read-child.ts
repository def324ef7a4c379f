// What comes out of the sandbox, which may have been taken over: it is read like a stranger's.
import type { SandboxVerdict } from "#lib/ports/sandbox.ts";
import { parseScore } from "#lib/scoring/verdict.ts";

/** The verdict of one call. */
export function readAnswer(item: unknown): SandboxVerdict {
  const { score, durationMs } = fieldsOf(item);
  return {
    score: parseScore(score),
    durationMs: typeof durationMs === "number" && durationMs >= 0 && Number.isFinite(durationMs) ? durationMs : 0
  };
}

/** The fields of a value; none where it has none. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** The value of a JSON text; null where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
