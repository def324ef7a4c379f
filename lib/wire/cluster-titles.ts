import { Fault, type FaultReport } from "../model/fault.ts";
import { integer, object } from "./parse.ts";

/** GET who writes titles of a map's clusters, ?forecast what the missing ones would cost. */
export interface TitlesReply {
  /** Null where no model is configured. */
  readonly modelId: string | null;
  readonly forecast: TitleForecast | null;
}

/** What writing titles would cost; clusters that have one are not asked about. */
export interface TitleForecast {
  readonly modelId: string;
  /** Titles to write: one per cluster and business unit in it. */
  readonly titles: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null where the price of the model is not known. */
  readonly costUsd: number | null;
  /** What it can come to when every answer is long and is asked for twice. */
  readonly mostTokens: number;
  readonly mostCostUsd: number | null;
}

/** POST to write titles, at most for so many tokens in and out. */
export interface TitlesRequest {
  readonly mostTokens: number;
}

/** What became of the writing of titles. */
export interface TitlesWritten {
  readonly written: number;
  readonly unwritten: readonly { readonly reason: string; readonly count: number }[];
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number | null;
}

/** Lines that the writing of titles sends, the last of them `written` or `fault`. */
export type TitlesEvent =
  | { readonly kind: "progress"; readonly done: number; readonly total: number; readonly costUsd: number | null }
  | ({ readonly kind: "written" } & TitlesWritten)
  | { readonly kind: "fault"; readonly fault: FaultReport };

/** @throws Fault `invalid` */
export function parseTitlesRequest(body: unknown): TitlesRequest {
  const mostTokens = integer(object(body, "the wish for titles"), "mostTokens");
  if (mostTokens > 0) return { mostTokens };
  throw new Fault("invalid", `"mostTokens" is ${mostTokens}, not above 0`);
}
