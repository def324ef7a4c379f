import type { ScoreRecord, ScoreSource } from "../model/score.ts";
import type { Json } from "../model/span.ts";
import { type Fields, numberAt, textAt } from "./fields.ts";
import type { ImportContext } from "./imported.ts";
import { readSourceVerdict } from "./imported-score.ts";
import { idAt, instantAt, isSpanId, isTraceId, parseAttributes } from "./otlp.ts";

/** Name of the log event that carries an evaluation. */
export const evaluationEvent = "gen_ai.evaluation.result";

/** Attributes that become columns of `scores`; the others stay in its detail. */
const known = {
  name: "gen_ai.evaluation.name",
  value: "gen_ai.evaluation.score.value",
  label: "gen_ai.evaluation.score.label",
  explanation: "gen_ai.evaluation.explanation",
  error: "error.type",
  version: "tracebook.scorer.version",
  source: "tracebook.scorer.source"
} as const;

const sources: readonly ScoreSource[] = ["scorer", "judge", "human", "environment", "import"];

/** A log record that carries an evaluation, as a score. @returns the score, or why the record is none */
export function parseEvaluation(record: Fields, context: ImportContext): ScoreRecord | string {
  const attributes = parseAttributes(record);
  const scorer = textAt(attributes, known.name);
  if (!scorer) return `an evaluation has no ${known.name}`;
  const traceId = idAt(record, "traceId");
  const spanId = idAt(record, "spanId");
  if (!isTraceId(traceId)) return `the evaluation "${scorer.slice(0, 80)}" does not say which trace it is of`;
  const timeNs = instantAt(record, "timeUnixNano") || instantAt(record, "observedTimeUnixNano");
  const atMs = timeNs ? Number(timeNs / 1_000_000n) : context.nowMs;
  const columns = new Set<string>(Object.values(known));
  const detail = Object.fromEntries(Object.entries(attributes).filter(([key]) => !columns.has(key)));
  const source = sources.find((name) => name === textAt(attributes, known.source)) ?? "import";
  return {
    traceId,
    spanId: isSpanId(spanId) ? spanId : null,
    businessUnit: context.businessUnit,
    day: new Date(atMs).toISOString().slice(0, 10),
    scorer,
    scorerVersion: textAt(attributes, known.version) ?? "1",
    source,
    score: parseScore(attributes, detail),
    durationMs: null,
    costUsd: null,
    runId: null,
    samplingProbability: 1,
    scoredAtMs: atMs,
    detail: Object.keys(detail).length === 0 ? null : detail
  };
}

/** A value that does not count, since it is on a scale that is not known, is kept in the detail. */
function parseScore(attributes: Readonly<Record<string, Json>>, detail: Record<string, Json>): ScoreRecord["score"] {
  const value = numberAt(attributes, known.value);
  const score = readSourceVerdict({
    value,
    label: textAt(attributes, known.label),
    reason: textAt(attributes, known.explanation),
    error: textAt(attributes, known.error)
  });
  const isCounted = score.kind === "scored" && score.value === value;
  if (value !== null && !isCounted) detail[known.value] = value;
  return score;
}
