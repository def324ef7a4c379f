import type { ScoreRecord } from "../model/score.ts";
import { formatTimestampMs } from "./span-columns.ts";

/** Columns of `scores` in the lake's files. */
export const scoreColumns = {
  score_id: "VARCHAR",
  trace_id: "VARCHAR",
  span_id: "VARCHAR",
  scorer: "VARCHAR",
  scorer_version: "VARCHAR",
  source: "VARCHAR",
  status: "VARCHAR",
  value: "DOUBLE",
  pass: "BOOLEAN",
  label: "VARCHAR",
  reason: "VARCHAR",
  evidence: "VARCHAR",
  duration_ms: "DOUBLE",
  cost_usd: "DOUBLE",
  run_id: "VARCHAR",
  sampling_probability: "DOUBLE",
  scored_at: "TIMESTAMP",
  detail: "VARCHAR"
} as const;

/** What makes two records the same verdict: a second one changes nothing. */
export function scoreIdentity(record: ScoreRecord): string {
  const { score } = record;
  return JSON.stringify([
    record.traceId,
    record.spanId,
    record.scorer,
    record.scorerVersion,
    record.source,
    score,
    record.detail
  ]);
}

/**
 * A record as JSON keeps it in a fresh batch.
 *
 * @param scoreId  digest of `scoreIdentity`
 */
export function formatScoreRow(
  record: ScoreRecord,
  scoreId: string
): { readonly [name in keyof typeof scoreColumns]: unknown } {
  const { score } = record;
  const scored = score.kind === "scored";
  return {
    score_id: scoreId,
    trace_id: record.traceId,
    span_id: record.spanId,
    scorer: record.scorer,
    scorer_version: record.scorerVersion,
    source: record.source,
    status: scored ? "ok" : score.status,
    value: scored ? score.value : null,
    pass: scored ? score.pass : null,
    label: score.label ?? null,
    reason: score.reason,
    evidence: scored && score.evidence.length > 0 ? JSON.stringify(score.evidence) : null,
    duration_ms: record.durationMs,
    cost_usd: record.costUsd,
    run_id: record.runId,
    sampling_probability: record.samplingProbability,
    scored_at: formatTimestampMs(record.scoredAtMs),
    detail: record.detail === null ? null : JSON.stringify(record.detail)
  };
}
