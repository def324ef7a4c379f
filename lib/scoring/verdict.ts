import type { Evidence, Score } from "../model/score.ts";

const textLimit = 2000;
const evidenceLimit = 20;

// A lone half of a character, which cutting can make, and NUL are what readers of JSON and Parquet refuse.
const cut = (text: string): string =>
  (text.length > textLimit ? `${text.slice(0, textLimit - 1)}…` : text).replaceAll("\0", "\uFFFD").toWellFormed();
const textOrNull = (value: unknown): string | null => (typeof value === "string" && value !== "" ? cut(value) : null);

/** A verdict that cannot be used, with the sentence that says why. */
export function failedScore(reason: string): Score {
  return { kind: "unscored", status: "error", reason: cut(reason) };
}

/**
 * Reads what scorer code returned; whatever it is, a score comes out. Nonsense is unscored with a reason,
 * never a zero. Every field is read once, so that a getter cannot show two faces.
 */
export function readVerdict(returned: unknown): Score {
  if (typeof returned === "boolean") {
    return { kind: "scored", value: returned ? 1 : 0, pass: returned, label: null, reason: null, evidence: [] };
  }
  if (typeof returned !== "object" || returned === null) {
    return failedScore(
      `the scorer returned ${describe(returned)}; it must return pass(), fail(), score() or unscored()`
    );
  }
  const { value, pass, label, reason, evidence } = returned as Readonly<Record<string, unknown>>;
  if (value === null)
    return { kind: "unscored", status: "skipped", reason: textOrNull(reason) ?? "the scorer gave no reason" };
  if (typeof value !== "number" || !(value >= 0 && value <= 1)) {
    return failedScore(`the scorer returned the value ${describe(value)}, which is not between 0 and 1`);
  }
  return {
    kind: "scored",
    value,
    pass: typeof pass === "boolean" ? pass : null,
    label: textOrNull(label),
    reason: textOrNull(reason),
    evidence: readEvidence(evidence)
  };
}

function readEvidence(value: unknown): readonly Evidence[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, evidenceLimit).flatMap((item: unknown) => {
    if (typeof item !== "object" || item === null) return [];
    const { quote, spanId } = item as Readonly<Record<string, unknown>>;
    return typeof quote === "string"
      ? [{ quote: cut(quote), spanId: typeof spanId === "string" ? cut(spanId.slice(0, 64)) : null }]
      : [];
  });
}

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}

/**
 * Checks a score that came out of the sandbox: the sandbox may have been taken over, so its bytes are
 * read like a stranger's.
 */
export function parseScore(value: unknown): Score {
  if (typeof value !== "object" || value === null)
    return failedScore("the sandbox answered something that is no score");
  const { kind, status, reason } = value as Readonly<Record<string, unknown>>;
  if (kind === "unscored") {
    return {
      kind,
      status: status === "skipped" ? "skipped" : "error",
      reason: textOrNull(reason) ?? "the scorer gave no reason"
    };
  }
  const read = readVerdict(value);
  return kind === "scored" && read.kind === "scored"
    ? read
    : failedScore("the sandbox answered something that is no score");
}
