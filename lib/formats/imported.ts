import type { ScoreRecord } from "../model/score.ts";
import type { Span } from "../model/span.ts";

/** What one record of a source gives: whole traces or parts of them, and verdicts that came along. */
export interface Imported {
  readonly spans: readonly Span[];
  readonly scores: readonly ScoreRecord[];
  /** Sentences about what was left out, one per record or span. */
  readonly rejected: readonly string[];
}

/** What an importer must be told that the source does not say. */
export interface ImportContext {
  readonly businessUnit: string;
  readonly environment: string | null;
  /** When the import happens, ms since 1970 UTC. */
  readonly nowMs: number;
}
