import { type Fields, object, record, text } from "./parse.ts";
import { parseRunRequest, type RunRequest } from "./workbook.ts";

/** POST forecast: the workbook as it is written now. */
export type MapForecastRequest = Pick<RunRequest, "text" | "params">;

/** What a map cell would ask a model for if it ran now. */
export interface MapForecastReply {
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
