import { type Fields, textAt } from "./fields.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { snakeCase } from "./snake-case.ts";
import { type JudgementTable, readJudgement } from "./source-judgement.ts";

/** Langfuse's scores, of the API or of an export to files. */
const langfuse: JudgementTable = {
  format: "langfuse",
  raters: { ANNOTATION: "human", EVAL: "judge" },
  key: ["id"],
  name: ["name"],
  value: ["value"],
  label: ["string_value"],
  reason: ["comment"],
  rater: ["author_user_id"],
  origin: ["source"],
  at: ["timestamp", "created_at"],
  trace: ["trace_id"],
  span: ["observation_id"],
  more: ["metadata", "config_id", "queue_id", "evaluator_id", "execution_trace_id"]
};

/** LangSmith's feedback. */
const langsmith: JudgementTable = {
  format: "langsmith",
  raters: { app: "human", user: "human", model: "judge", auto_eval: "judge" },
  key: ["id"],
  name: ["key"],
  value: ["score", "value"],
  label: ["value"],
  reason: ["comment"],
  rater: ["feedback_source.user_id", "feedback_source.user_name"],
  origin: ["feedback_source.type"],
  at: ["modified_at", "created_at"],
  trace: ["trace_id"],
  span: ["run_id"],
  more: ["correction"]
};

/** Phoenix's annotations, of the API or a row of its tables, and OpenInference's on the wire. */
export const phoenix: JudgementTable = {
  format: "phoenix",
  raters: { HUMAN: "human", LLM: "judge" },
  key: ["id"],
  name: ["name", "annotation_name"],
  value: ["result.score", "score"],
  label: ["result.label", "label"],
  reason: ["result.explanation", "explanation"],
  rater: ["identifier", "user_id"],
  origin: ["annotator_kind"],
  at: ["updated_at", "created_at"],
  trace: ["trace_id"],
  span: ["span_id"],
  more: ["metadata"]
};

/** True for one score of Langfuse. */
export function isLangfuseScore(value: Fields): boolean {
  const hasType = typeof value.data_type === "string" || typeof value.dataType === "string";
  return hasType && typeof value.name === "string" && typeof value.source === "string" && "value" in value;
}

/** One score. Of a category the number is only its place in the list of categories. */
export function parseLangfuseScore(value: Fields, context: ImportContext): Imported {
  const row = snakeCase(value);
  const type = textAt(row, "data_type") ?? "";
  const isTrue = row.value === true || Number(row.value) === 1;
  const given = type === "BOOLEAN" ? isTrue : type === "NUMERIC" ? row.value : null;
  return readJudgement({ ...row, value: given }, langfuse, null, context);
}

/** True for one feedback of LangSmith. */
export function isLangSmithFeedback(value: Fields): boolean {
  const hasRun = typeof value.run_id === "string" || typeof value.trace_id === "string";
  const hasSource = "feedback_source" in value || "feedback_source.type" in value;
  return hasRun && hasSource && typeof value.key === "string";
}

/** One feedback; a word beside its number is its label. */
export function parseLangSmithFeedback(value: Fields, context: ImportContext): Imported {
  const word = typeof value.value === "string" ? value.value : null;
  return readJudgement(
    value.score === null || value.score === undefined ? value : { ...value, value: word },
    langsmith,
    null,
    context
  );
}

/** True for one annotation of Phoenix, of a span or a trace. */
export function isPhoenixAnnotation(value: Fields): boolean {
  const hasResult = ["result", "result.score", "result.label", "score", "label"].some((name) => name in value);
  return typeof value.annotator_kind === "string" && hasResult;
}

/** One annotation. */
export function parsePhoenixAnnotation(value: Fields, context: ImportContext): Imported {
  return readJudgement(value, phoenix, null, context);
}
