import { type Fields, object, record, text } from "./parse.ts";
import { parseRunRequest, type RunRequest } from "./workbook.ts";

/** POST forecast: the workbook as it is written now. */
export type MapForecastRequest = Pick<RunRequest, "text" | "params">;

/** What asking a facet about each trace would cost. */
export interface FacetForecast {
  readonly model: string;
  /** Traces of a unit with the same conversation are asked about once. */
  readonly questions: number;
  /** In and out, about. */
  readonly tokens: number;
  /** US dollars, about; null where nobody said what the model costs. */
  readonly costUsd: number | null;
}

/** What a map cell would ask a model for if it ran now. */
export interface MapForecastReply {
  /** What is asked about the traces first; null where nothing is. The vectors of its answers are not known before. */
  readonly facet: FacetForecast | null;
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

/** @throws Fault `invalid` naming the field */
export function parseMapForecastRequest(body: unknown): MapForecastRequest {
  const fields: Fields = object(body, "the forecast");
  return parseRunRequest({ text: text(fields, "text"), cells: [], params: record(fields, "params") });
}
