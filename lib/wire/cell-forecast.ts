import { type Fields, object, record, text } from "./parse.ts";
import { parseRunRequest, type RunRequest } from "./workbook.ts";

/** POST forecast: the workbook as it is written now. */
export type CellForecastRequest = Pick<RunRequest, "text" | "params">;

/** What asking a model one question about each trace would cost. */
export interface AnswersForecast {
  readonly model: string;
  /** Of a facet, traces of a unit with the same conversation are asked about once. */
  readonly questions: number;
  /** In and out, about. */
  readonly tokens: number;
  /** US dollars, about; null where nobody said what the model costs. */
  readonly costUsd: number | null;
}

/** What a map cell would ask a model for if it ran now. */
export interface MapForecast {
  readonly kind: "map";
  /** What is asked about the traces first; null where nothing is. The vectors of its answers are not known before. */
  readonly facet: AnswersForecast | null;
  /** The model; null for a map that makes its own vectors. */
  readonly model: string | null;
  readonly traces: number;
  /** Distinct texts of them. */
  readonly texts: number;
  /** Texts of which the lake has no vector yet. */
  readonly missing: number;
  /** In those, about. */
  readonly tokens: number;
  /** US dollars, about; null where nobody said what the model costs. */
  readonly costUsd: number | null;
}

/** What a score cell would ask its judge if it ran now. */
export interface JudgeForecast {
  readonly kind: "judge";
  readonly traces: number;
  readonly answers: AnswersForecast;
  /** What the judge may spend at most; null where its cell says nothing. */
  readonly budgetUsd: number | null;
}

/** How long a score cell would take whose scorer asks no model. */
export interface ScorerForecast {
  readonly kind: "scorer";
  readonly traces: number;
  /** Traces or spans. */
  readonly calls: number;
  /** Traces that were scored to measure it. */
  readonly sampled: number;
  /** Of the scorer's own code, for each call on average; null where there was nothing to measure. */
  readonly msPerCall: number | null;
}

/** What running a cell would cost. */
export type CellForecastReply = MapForecast | JudgeForecast | ScorerForecast;

/** @throws Fault `invalid` naming the field */
export function parseCellForecastRequest(body: unknown): CellForecastRequest {
  const fields: Fields = object(body, "the forecast");
  return parseRunRequest({ text: text(fields, "text"), cells: [], params: record(fields, "params") });
}
