import type { Score, ScoreRecord, SourceScore, SourceVerdict } from "../model/score.ts";
import type { Span } from "../model/span.ts";
import type { ImportContext } from "./imported.ts";

/** What a verdict is of, as far as it must be known. */
export type Judged = Pick<Span, "traceId" | "spanId" | "startNs">;

/** Labels by which evaluators say that something passed or did not. */
const passing: Readonly<Record<string, boolean>> = { pass: true, passed: true, fail: false, failed: false };

/**
 * The one rule by which verdicts from elsewhere are read. A number within 0..1 counts as it is, true and false as
 * 1 and 0; a label that says how it went counts where there is no such number. A number on another scale and a
 * label alone are unscored: they are kept, and never averaged.
 */
export function readSourceVerdict({ value, label, reason, error }: SourceVerdict): Score {
  if (error) return { kind: "unscored", status: "error", reason: reason ? `${error}: ${reason}` : error };
  const named = label ?? (typeof value === "string" && value !== "" ? value : null);
  const said = named === null ? undefined : passing[named.toLowerCase()];
  const pass = typeof value === "boolean" ? value : (said ?? null);
  const number = typeof value === "number" ? value : pass === null ? null : Number(pass);
  if (number !== null && number >= 0 && number <= 1)
    return { kind: "scored", value: number, pass, label: named, reason, evidence: [] };
  if (pass !== null) return { kind: "scored", value: Number(pass), pass, label: named, reason, evidence: [] };
  const why =
    number !== null
      ? `the value ${number} is not within 0 and 1`
      : named === null
        ? "the source gives no number"
        : "the source gives a label and no number";
  const status = number === null && named !== null ? "skipped" : "error";
  return { kind: "unscored", status, reason: why, ...(named === null ? {} : { label: named }) };
}

/** The verdict as a score of a span, or of its whole trace; what is unscored keeps what the source said. */
export function buildImportedScore(
  { name, source, detail = {}, ...verdict }: SourceScore,
  span: Judged,
  isOfTrace: boolean,
  context: ImportContext
): ScoreRecord {
  const score = readSourceVerdict(verdict);
  const { value, label, reason } = verdict;
  const kept = { ...detail, ...(score.kind === "scored" ? {} : { value, label, reason }) };
  const startMs = Number(span.startNs / 1_000_000n);
  return {
    traceId: span.traceId,
    spanId: isOfTrace ? null : span.spanId,
    businessUnit: context.businessUnit,
    day: new Date(startMs).toISOString().slice(0, 10),
    scorer: name,
    scorerVersion: "1",
    source,
    score,
    durationMs: null,
    costUsd: null,
    runId: null,
    samplingProbability: 1,
    scoredAtMs: startMs,
    detail: Object.keys(kept).length === 0 ? null : kept
  };
}
