import type { ImportedAnnotation, RunJudgement } from "../model/annotation.ts";
import type { ScoreRecord } from "../model/score.ts";
import type { Span } from "../model/span.ts";
import type { SpanEvent } from "./attribute-sources.ts";

/** A field of the source that no column holds, and what became of its values. */
export interface FieldLoss {
  /** As the source names it, with dots for fields within fields. */
  readonly field: string;
  /** `attribute`: kept among the span's attributes. `dropped`: not in the lake, or not as sent. */
  readonly fate: "attribute" | "dropped";
  /** Records that had a value there. */
  readonly count: number;
}

/** Something said in a step, which came in a log beside the step's span. */
export interface LogMessage {
  readonly traceId: string;
  readonly spanId: string;
  /** When it was said, ns since 1970 UTC; 0 where the log does not say. */
  readonly timeNs: bigint;
  readonly event: SpanEvent;
}

/** What one record of a source gives: whole traces or parts of them, and verdicts that came along. */
export interface Imported {
  readonly spans: readonly Span[];
  readonly scores: readonly ScoreRecord[];
  /** Sentences about what was left out, one per record or span. */
  readonly rejected: readonly string[];
  /** What could not be carried over into a column of its own; absent where nothing is known to be lost. */
  readonly losses?: readonly FieldLoss[];
  /** What people said of these traces, or of traces that stand in other records. */
  readonly annotations?: readonly ImportedAnnotation[];
  /** What people said of runs that the source names in its own words. */
  readonly judgements?: readonly RunJudgement[];
  /** Messages of spans that stand in other records. */
  readonly messages?: readonly LogMessage[];
}

/** What an importer must be told that the source does not say. */
export interface ImportContext {
  readonly businessUnit: string;
  readonly environment: string | null;
  /** When the import happens, ms since 1970 UTC. */
  readonly nowMs: number;
}
