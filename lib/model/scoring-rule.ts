import { Fault } from "./fault.ts";
import type { BusinessUnit } from "./scope.ts";

/** A trace that came without its root: the rest is waited for. */
export interface WaitingTrace {
  readonly traceId: string;
  readonly businessUnit: BusinessUnit;
  /** Earliest day of UTC of what came of it, `YYYY-MM-DD`. */
  readonly day: string;
  /** When something of it came last, ms since 1970. */
  readonly sinceMs: number;
}

/** How far a rule has come with the traces that arrive. */
export interface RuleCursor {
  /** What the lake held at this snapshot is dealt with, but for what waits. */
  readonly snapshotId: number;
  /** When that was all there was, ms since 1970. */
  readonly seenAtMs: number;
  readonly waiting: readonly WaitingTrace[];
  /** Passes in a row that scored nothing for a fault. */
  readonly failures: number;
}

/** The last trace of a slice of older ones, which are scored from the newest back. */
export interface BackfillPlace {
  /** Microseconds since 1970. */
  readonly startedUs: number;
  readonly traceId: string;
}

/** Older traces that a rule scores, too. */
export interface RuleBackfill {
  /** Traces that were in the lake then; later ones arrive. */
  readonly askedAtMs: number;
  /** Null before the first slice. */
  readonly after: BackfillPlace | null;
  /** Scored or unscored so far. */
  readonly done: number;
  readonly isDone: boolean;
}

/** Why and since when a rule scores nothing. */
export interface RulePause {
  readonly atMs: number;
  /** Who paused it; null where it paused itself. */
  readonly userId: string | null;
  /** A sentence; null where a person gave none. */
  readonly because: string | null;
}

/** Which traffic a promoted scorer scores as it arrives. */
export interface ScoringRule {
  readonly ruleId: string;
  readonly scorerId: string;
  /** Null takes the newest that is promoted. */
  readonly version: number | null;
  /** Sorted. The rule sees the traces of these and no others. */
  readonly businessUnits: readonly BusinessUnit[];
  /** SQL condition over the columns of `traces`. */
  readonly predicate: string;
  /** Share of the matching traces that is scored, above 0 and at most 1. */
  readonly rate: number;
  /** Traces that began before are left alone, ms since 1970; null takes them all. */
  readonly fromMs: number | null;
  /** The most that a judge may cost in a day of UTC; null bounds nothing. */
  readonly dailyCapUsd: number | null;
  readonly userId: string;
  readonly createdAtMs: number;
  readonly pause: RulePause | null;
  readonly cursor: RuleCursor;
  /** Null where older traces were never asked for. */
  readonly backfill: RuleBackfill | null;
}

/** A rule to be made. */
export type NewScoringRule = Pick<
  ScoringRule,
  "scorerId" | "version" | "businessUnits" | "predicate" | "rate" | "fromMs" | "dailyCapUsd"
> & {
  /** Where its traffic begins: the newest snapshot. */
  readonly snapshotId: number;
  readonly scoresOlder: boolean;
};

/** Counts of one pass of a rule, or of many together. */
export interface PassCounts {
  /** Traces that match the predicate. */
  readonly seen: number;
  /** Of those, the ones that the sample holds. */
  readonly sampled: number;
  /** Traces or spans with a verdict, and those without. */
  readonly scored: number;
  readonly unscored: number;
  readonly costUsd: number;
}

/** What a rule did at once. */
export interface ScoringPass extends PassCounts {
  readonly passId: string;
  readonly kind: "arrivals" | "backfill";
  /** Of the promoted scorer; null where a fault came before it was known. */
  readonly version: number | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** From the last arrival of a trace to its score, the longest of the pass; null for older traces. */
  readonly behindMs: number | null;
  /** A sentence; null where nothing went wrong. */
  readonly fault: string | null;
}

/** The passes of one day of UTC together. */
export interface ScoringDay extends PassCounts {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly passes: number;
  readonly faults: number;
}

/** What a rule has done: the last passes one by one, all of them by day, the newest first. */
export interface ScoringLog {
  readonly passes: readonly ScoringPass[];
  readonly days: readonly ScoringDay[];
}

const predicateLimit = 20_000;

/** A rule as it is kept: units sorted, the condition without space around it. @throws Fault `invalid` */
export function checkRule(rule: NewScoringRule): NewScoringRule {
  const businessUnits = [...new Set(rule.businessUnits)].sort();
  const predicate = rule.predicate.trim();
  if (businessUnits.length === 0)
    throw new Fault("invalid", "the rule has no business unit", { hint: "Choose at least one." });
  if (!(rule.rate > 0 && rule.rate <= 1)) {
    throw new Fault("invalid", `the sampling rate is ${rule.rate}, and must be above 0 and at most 1`, {
      hint: "1 scores every trace, 0.1 one in ten."
    });
  }
  if (predicate === "")
    throw new Fault("invalid", "the rule says of no traffic", { hint: "Write true for all traces." });
  if (predicate.length > predicateLimit) {
    throw new Fault(
      "invalid",
      `the condition has ${predicate.length.toLocaleString("en-US")} characters, more than ${predicateLimit.toLocaleString("en-US")}`
    );
  }
  if (rule.dailyCapUsd !== null && !(rule.dailyCapUsd > 0))
    throw new Fault("invalid", `the daily cap is $${rule.dailyCapUsd}, and must be above 0`);
  return { ...rule, businessUnits, predicate };
}

/** The day of UTC of an instant, `YYYY-MM-DD`. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
