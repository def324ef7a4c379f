import type { Interval } from "../math/bootstrap.ts";
import type { Estimate, PairAgreement, RaterAgreement } from "../math/rater-agreement.ts";
import type { WinRate } from "../math/win-rate.ts";
import { Fault } from "../model/fault.ts";
import type { VerdictKind } from "../model/verdict.ts";
import type { Names } from "./people.ts";

/** How long judgements took with their trace in view, ms; null where there are none. */
export interface JudgementTimes {
  readonly judgements: number;
  readonly medianMs: number | null;
  readonly p90Ms: number | null;
}

/** How often a reviewer said what was known before. */
export interface GoldAccuracy {
  readonly hits: number;
  readonly n: number;
  /** Wilson, 95 %. */
  readonly interval: Interval;
}

/** What one reviewer has done. */
export interface ReviewerNumbers extends JudgementTimes {
  readonly userId: string;
  readonly skipped: number;
  /** For those who administer the queue's units, where it has gold items; null for all others. */
  readonly gold: GoldAccuracy | null;
}

/** What compares reviewers. */
export interface QueueAgreement {
  /** Of the rubric, in its order, then any of earlier versions. */
  readonly labels: readonly string[];
  readonly all: RaterAgreement;
  /**
   * Pairs of judgements on one item by two people, by label of the one and the other; symmetric, so each pair counts
   * twice off the diagonal's halves.
   */
  readonly confusion: readonly (readonly number[])[];
  /** By pair of reviewers, those with most items in common first. */
  readonly pairs: readonly (PairAgreement & { readonly first: string; readonly second: string })[];
  /** Krippendorff's alpha of the numbers on each scale, as an order and as equal steps. */
  readonly scales: readonly {
    readonly name: string;
    readonly n: number;
    readonly ordinal: Estimate;
    readonly interval: Estimate;
  }[];
  readonly byLabel: readonly (JudgementTimes & { readonly label: string })[];
}

/** How often the first of a pair is better, in one stratum. */
export interface PairWins extends WinRate {
  /** As `agent version against agent version`. */
  readonly stratum: string;
  readonly ties: number;
}

/** GET the numbers of a queue. */
export interface QueueNumbersReply {
  readonly items: number;
  readonly done: number;
  readonly contested: number;
  /** Of the judgements whose times one sees, ms; null where there are none. */
  readonly medianMs: number | null;
  readonly reviewers: readonly ReviewerNumbers[];
  /** Of the reviewers. */
  readonly names: Names;
  /** Null while none was judged by two. */
  readonly agreement: QueueAgreement | null;
  /** Of a queue of pairs; null of others. */
  readonly wins: readonly PairWins[] | null;
  /** How many items stand how; of a blind queue, those that not all have judged are open. */
  readonly verdicts: Readonly<Record<VerdictKind, number>>;
  /** Whether judgements that are kept blind are left out of agreement, wins and times. */
  readonly isHidden: boolean;
  /** Whether one administers the queue: its gold items and settings are shown. */
  readonly isOwner: boolean;
  /** Whether one decides what is contested in it. */
  readonly decides: boolean;
  /** Whether one may take what was said out. */
  readonly canExport: boolean;
}

/** The `?format` in which the judgements of a queue are taken out. @throws Fault `invalid` */
export function parseQueueFormat(query: URLSearchParams): "csv" | "jsonl" {
  const format = query.get("format") ?? "jsonl";
  if (format === "csv" || format === "jsonl") return format;
  throw new Fault("invalid", `"format" is "${format.slice(0, 40)}", neither csv nor jsonl`);
}
