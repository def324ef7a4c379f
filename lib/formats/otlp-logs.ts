import type { ScoreRecord, ScoreSource } from "../model/score.ts";
import type { Json } from "../model/span.ts";
import { type Fields, isFields, listAt, numberAt, textAt } from "./fields.ts";
import type { ImportContext, Imported } from "./imported.ts";
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

/** Labels by which evaluators say that something passed or did not. */
const passing: Readonly<Record<string, boolean>> = { pass: true, passed: true, fail: false, failed: false };

/** One element of `resourceLogs`. Evaluation results become scores; any other log is rejected with a sentence. */
export function parseResourceLogs(value: unknown, context: ImportContext): Imported {
  if (!isFields(value)) return { spans: [], scores: [], rejected: ["an element of resourceLogs is no object"] };
  const scores: ScoreRecord[] = [];
  const rejected: string[] = [];
  for (const scopeLogs of listAt(value, "scopeLogs")) {
    if (!isFields(scopeLogs)) continue;
    for (const item of listAt(scopeLogs, "logRecords")) {
      const score = isFields(item) ? parseEvaluation(item, context) : "a log record is no object";
      if (typeof score === "string") rejected.push(score);
      else scores.push(score);
    }
  }
  return { spans: [], scores, rejected };
}

/** @returns the score, or why the record is none */
function parseEvaluation(record: Fields, context: ImportContext): ScoreRecord | string {
  const attributes = parseAttributes(record);
  const event = textAt(record, "eventName") || textAt(attributes, "event.name") || "";
  if (event !== evaluationEvent)
    return `the log "${event.slice(0, 80)}" is no ${evaluationEvent}, the only one kept here`;
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

/**
 * A value outside 0..1 is of a scale that is not known: it is kept in the detail, and counts as unscored
 * unless the label says how it went.
 */
function parseScore(attributes: Readonly<Record<string, Json>>, detail: Record<string, Json>): ScoreRecord["score"] {
  const label = textAt(attributes, known.label);
  const reason = textAt(attributes, known.explanation);
  const error = textAt(attributes, known.error);
  if (error) return { kind: "unscored", status: "error", reason: reason ? `${error}: ${reason}` : error };
  const value = numberAt(attributes, known.value);
  const pass = (label === null ? undefined : passing[label.toLowerCase()]) ?? null;
  if (value !== null && value >= 0 && value <= 1) return { kind: "scored", value, pass, label, reason, evidence: [] };
  if (value !== null) detail[known.value] = value;
  if (pass !== null) return { kind: "scored", value: pass ? 1 : 0, pass, label, reason, evidence: [] };
  return {
    kind: "unscored",
    status: "error",
    reason: value === null ? "the evaluation came without a value" : `the value ${value} is not within 0 and 1`
  };
}
