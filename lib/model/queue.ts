import { Fault } from "./fault.ts";
import type { RubricVersion } from "./rubric.ts";
import type { BusinessUnit } from "./scope.ts";
import type { Origin } from "./selection.ts";

/** What strata are told apart by; no stratum ever holds traces of two units. */
export type StrataBy =
  | { readonly kind: "unit" }
  | { readonly kind: "cluster" }
  | { readonly kind: "agent" }
  /** By the newest verdict of a scorer, in quarters. */
  | { readonly kind: "score"; readonly scorer: string };

/** How a sample of a selection is drawn. */
export interface SampleRule {
  /** Traces at most, 1 to 5,000. */
  readonly count: number;
  readonly by: StrataBy;
  /** `proportional` gives each stratum its share, but at least one; `equal` gives all alike, as far as they have them. */
  readonly spread: "proportional" | "equal";
  readonly seed: number;
}

/** How the items of a queue are judged. */
export interface Reviewing {
  /** People who judge each item, 1 to 9. */
  readonly reviewsPerItem: number;
  /** Whether a reviewer sees what others said of an item only after judging it. */
  readonly isBlind: boolean;
}

/** What a queue does where nobody says otherwise. */
export const plainReviewing: Reviewing = { reviewsPerItem: 1, isBlind: true };

/** What is waiting for a label. */
export type QueueState = "waiting" | "done";

/** One trace of a queue. */
export interface QueueItem {
  /** Place in the order among the items of its unit, from 1; items of several units take turns. */
  readonly position: number;
  readonly traceId: string;
  readonly businessUnit: BusinessUnit;
  /** What tells its stratum from others of its unit. */
  readonly stratum: string;
  /** Chance it had of being drawn, above 0 and at most 1. */
  readonly inclusionProbability: number;
  readonly state: QueueState;
  /** Who labelled it and when; null while it waits. */
  readonly doneBy: string | null;
  readonly doneAtMs: number | null;
}

/** Traces waiting for annotation, with a rubric and an order. */
export interface Queue {
  readonly queueId: string;
  readonly title: string;
  /** Those of its units that the reader sees. */
  readonly businessUnits: readonly BusinessUnit[];
  readonly userId: string;
  readonly createdAtMs: number;
  readonly origin: Origin;
  readonly rule: SampleRule;
  readonly reviewing: Reviewing;
  /** The newest. */
  readonly rubric: RubricVersion;
  /** Items that the reader sees. */
  readonly items: number;
  readonly done: number;
}

/** Most items of a queue. */
export const mostItems = 5000;

/** A rule as it is kept. @throws Fault `invalid` */
export function checkRule(rule: SampleRule): SampleRule {
  if (Number.isInteger(rule.count) && rule.count >= 1 && rule.count <= mostItems) return rule;
  throw new Fault("invalid", `a queue has 1 to ${mostItems.toLocaleString("en-US")} traces, not ${rule.count}`);
}

/** @throws Fault `invalid` */
export function checkReviewing({ reviewsPerItem, isBlind }: Reviewing): Reviewing {
  if (Number.isInteger(reviewsPerItem) && reviewsPerItem >= 1 && reviewsPerItem <= 9)
    return { reviewsPerItem, isBlind };
  throw new Fault("invalid", `an item is judged by 1 to 9 people, not by ${reviewsPerItem}`);
}
