import type { BusinessUnit } from "./scope.ts";
import type { Json } from "./span.ts";

/** Words of the trace that a verdict rests on. */
export interface Evidence {
  /** Span the words are in; null when they are in the trace's own input or output. */
  readonly spanId: string | null;
  readonly quote: string;
}

/** What a scorer said about one trace or span. Unscored is a fact, never a zero. */
export type Score =
  | {
      readonly kind: "scored";
      /** In 0..1. */
      readonly value: number;
      /** Null where the scorer measures without judging. */
      readonly pass: boolean | null;
      readonly label: string | null;
      readonly reason: string | null;
      readonly evidence: readonly Evidence[];
    }
  | {
      readonly kind: "unscored";
      /** `skipped`: the scorer says it does not apply, or gave a word and no number. `error`: it failed, was killed, or returned nonsense. */
      readonly status: "skipped" | "error";
      readonly reason: string;
      /** A word of the one who judged, on a scale that is no number of ours. */
      readonly label?: string;
    };

/** Where a score comes from. */
export type ScoreSource = "scorer" | "judge" | "human" | "environment" | "import";

/** How something went, as a source tells it. */
export interface SourceVerdict {
  /** A number, true and false for 1 and 0, or a word. */
  readonly value: Json;
  readonly label: string | null;
  readonly reason: string | null;
  /** Why its evaluator failed; null where it did not. */
  readonly error?: string | null;
}

/** A verdict that came with an export. */
export interface SourceScore extends SourceVerdict {
  readonly name: string;
  readonly source: ScoreSource;
  /** What else the source says; absent where it says nothing. */
  readonly detail?: Readonly<Record<string, Json>>;
}

/** One row of the lake's `scores` table. */
export interface ScoreRecord {
  readonly traceId: string;
  /** Null when the whole trace is meant. */
  readonly spanId: string | null;
  readonly businessUnit: BusinessUnit;
  /** Day of the trace's start in UTC, `YYYY-MM-DD`: the partition. */
  readonly day: string;
  readonly scorer: string;
  /** Changes whenever the scorer's code does. */
  readonly scorerVersion: string;
  readonly source: ScoreSource;
  readonly score: Score;
  readonly durationMs: number | null;
  readonly costUsd: number | null;
  /** The run that wrote it, where one did. */
  readonly runId: string | null;
  /** Chance this trace had of being scored, 0..1; 1 when all were. */
  readonly samplingProbability: number;
  /** Milliseconds since 1970 UTC. */
  readonly scoredAtMs: number;
  /** Whatever else the source said. */
  readonly detail: Json;
}

/** Scores of many traces or spans reduced. */
export interface ScoreSummary {
  /** Scored traces or spans. */
  readonly n: number;
  readonly unscored: number;
  readonly passes: number;
  /** Mean of the values; null when n is 0. */
  readonly mean: number | null;
  /** 95 % interval of the pass rate, each in 0..1. */
  readonly interval: readonly [number, number];
}
