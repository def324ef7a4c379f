import type { BusinessUnit } from "../model/scope.ts";
import type { ScoreRecord } from "../model/score.ts";
import type { Span } from "../model/span.ts";

/** Every outside format that can be read. */
export const traceFormats = ["tau-bench", "tau2", "otlp"] as const;

/** Name of an outside format, as the command line and the summary say it. */
export type TraceFormat = (typeof traceFormats)[number];

/** What an importer must know that the file does not say. */
export interface ImportContext {
  readonly businessUnit: BusinessUnit;
  /** Written where the source names no environment. */
  readonly environment: string | null;
}

/** What one piece of a file became: whole traces of chat runs, or any spans of an OTLP document. */
export interface ImportedTraces {
  readonly spans: readonly Span[];
  readonly scores: readonly ScoreRecord[];
  /** One sentence for each thing that was left out. */
  readonly rejected: readonly string[];
}
