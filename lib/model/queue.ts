import { Fault } from "./fault.ts";
import type { LabelSides } from "./label-sides.ts";
import type { RubricVersion } from "./rubric.ts";
import type { BusinessUnit } from "./scope.ts";
import type { QueueOrigin } from "./selection.ts";
import type { Verdict } from "./verdict.ts";

/** What strata are told apart by; no stratum ever holds traces of two units. */
export type StrataBy =
  | { readonly kind: "unit" }
  | { readonly kind: "cluster" }
  | { readonly kind: "agent" }
  /** By the newest verdict of a scorer, in quarters. */
  | { readonly kind: "score"; readonly scorer: string }
  /**
   * By whether the newest verdict of a scorer and that of another, or of most people, differ. Those that agree are
   * strata, too: with `equal` shares most of the sample differs, and what is estimated still holds for all.
   */
  | { readonly kind: "disagreement"; readonly scorer: string; readonly other: Opponent };

/** Whose verdicts a scorer's are held against. */
export type Opponent =
  | { readonly kind: "scorer"; readonly scorer: string }
  /** Labels of people that mean that it went wrong, and that it did not. */
  | ({ readonly kind: "people" } & LabelSides);

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
  /** Whether what was said of an item is kept back as `isKeptBlind` says. */
  readonly isBlind: boolean;
  /** User ids of those who may judge; null is anybody who may in the unit. */
  readonly reviewers: readonly string[] | null;
  /** User ids of those who may decide what is contested, beside those who administer the unit; null names none. */
  readonly adjudicators: readonly string[] | null;
  /** Whether most decide, or any difference goes to an adjudicator. */
  readonly decideBy: "unanimous" | "majority";
  /** Whether an item is one trace that gets a label, or two of which one is better. */
  readonly mode: "labels" | "pairs";
}

/** What a queue does where nobody says otherwise. */
export const plainReviewing: Reviewing = {
  ...{ reviewsPerItem: 1, isBlind: true, reviewers: null, adjudicators: null },
  ...{ decideBy: "unanimous", mode: "labels" }
};

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
  /** How its label stands. */
  readonly verdict: Verdict;
  /** The trace that it is compared with, in the same unit; null for one that is judged alone. */
  readonly otherTraceId: string | null;
}

/** Traces waiting for annotation, with a rubric and an order. */
export interface Queue {
  readonly queueId: string;
  readonly title: string;
  /** Those of its units that the reader sees. */
  readonly businessUnits: readonly BusinessUnit[];
  readonly userId: string;
  readonly createdAtMs: number;
  readonly origin: QueueOrigin;
  readonly rule: SampleRule;
  readonly reviewing: Reviewing;
  /** The newest. */
  readonly rubric: RubricVersion;
  /** Items that the reader sees. */
  readonly items: number;
  readonly done: number;
  /** Items that wait for an adjudicator. */
  readonly contested: number;
}

/** Most items of a queue. */
export const mostItems = 5000;

/** A rule as it is kept. @throws Fault `invalid` */
export function checkRule(rule: SampleRule): SampleRule {
  if (Number.isInteger(rule.count) && rule.count >= 1 && rule.count <= mostItems) return rule;
  throw new Fault("invalid", `a queue has 1 to ${mostItems.toLocaleString("en-US")} traces, not ${rule.count}`);
}

/** @throws Fault `invalid` */
export function checkReviewing(reviewing: Reviewing): Reviewing {
  const { reviewsPerItem } = reviewing;
  if (!(Number.isInteger(reviewsPerItem) && reviewsPerItem >= 1 && reviewsPerItem <= 9))
    throw new Fault("invalid", `an item is judged by 1 to 9 people, not by ${reviewsPerItem}`);
  const reviewers = checkPeople(reviewing.reviewers);
  if (reviewers !== null && reviewers.length < reviewsPerItem) {
    throw new Fault("invalid", `${reviewsPerItem} people judge each item, and ${reviewers.length} are named`, {
      hint: "Name more people, or ask fewer to judge each."
    });
  }
  return { ...reviewing, reviewers, adjudicators: checkPeople(reviewing.adjudicators) };
}

const [mostPeople, longestId] = [200, 200];

function checkPeople(given: readonly string[] | null): readonly string[] | null {
  const people = [...new Set((given ?? []).map((userId) => userId.trim()))].filter((userId) => userId !== "");
  if (people.length > mostPeople || people.some((userId) => userId.length > longestId))
    throw new Fault("invalid", `a queue names at most ${mostPeople} people, by ids of at most ${longestId} characters`);
  return people.length === 0 ? null : people;
}

/**
 * Whether what people said of an item is kept back from all others: in a blind queue it is until as many have judged
 * the item as it needs. Who decides in its unit (`decidedUnits`) sees it where they decide, and nowhere else before.
 */
export function isKeptBlind(item: Pick<QueueItem, "state">, { isBlind }: Pick<Reviewing, "isBlind">): boolean {
  return isBlind && item.state !== "done";
}

/**
 * The units of a queue in which somebody decides what is contested, and so sees what is said before all have judged:
 * all, where the queue names them; else those that they administer.
 */
export function decidedUnits(
  { businessUnits, reviewing }: Pick<Queue, "businessUnits" | "reviewing">,
  userId: string,
  administered: readonly BusinessUnit[]
): readonly BusinessUnit[] {
  if (reviewing.adjudicators?.includes(userId)) return businessUnits;
  return businessUnits.filter((unit) => administered.includes(unit));
}

/** An item without what others make of it. */
export function hideVerdict(item: QueueItem): QueueItem {
  return { ...item, verdict: { kind: "open", label: null } };
}

/** @throws Fault `denied` for one who is not among the named reviewers */
export function requireReviewer(userId: string, { reviewers }: Pick<Reviewing, "reviewers">): void {
  if (reviewers === null || reviewers.includes(userId)) return;
  throw new Fault("denied", "this queue names its reviewers, and you are not among them", {
    hint: "Ask who made it to name you."
  });
}
