import type { Score, ScoreRecord, ScoreSource } from "../model/score.ts";
import type { Json, Span } from "../model/span.ts";
import type { ImportContext } from "./imported.ts";

/** A verdict that came with an export. */
export interface SourceScore {
  readonly name: string;
  /** A number, or true and false for 1 and 0. */
  readonly value: Json;
  readonly label: string | null;
  readonly reason: string | null;
  readonly source: ScoreSource;
}

/** The verdict as a score of a span, or of its whole trace. A value outside 0..1 is of an unknown scale: unscored. */
export function buildImportedScore(
  { name, value, label, reason, source }: SourceScore,
  span: Pick<Span, "traceId" | "spanId" | "startNs">,
  isOfTrace: boolean,
  context: ImportContext
): ScoreRecord {
  const number = typeof value === "boolean" ? Number(value) : typeof value === "number" ? value : null;
  const pass = typeof value === "boolean" ? value : null;
  const score: Score =
    number !== null && number >= 0 && number <= 1
      ? { kind: "scored", value: number, pass, label, reason, evidence: [] }
      : {
          kind: "unscored",
          status: "error",
          reason: number === null ? "the source gives no number" : `the value ${number} is not within 0 and 1`
        };
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
    detail: score.kind === "scored" ? null : { value, label, reason }
  };
}
