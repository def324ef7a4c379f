import { Fault } from "./fault.ts";
import type { BusinessUnit } from "./scope.ts";
import type { Origin } from "./selection.ts";

/** One label that an annotator may choose. */
export interface RubricLabel {
  readonly name: string;
  /** What it means. */
  readonly meaning: string;
  /** One key, `1` to `9` or a letter. */
  readonly hotkey: string;
}

/** The labels an annotator may choose and what each means. A change is a new version. */
export interface Rubric {
  readonly labels: readonly RubricLabel[];
  /** Whether a label needs a reason. */
  readonly needsJustification: boolean;
  /** Whether a reason may be written. */
  readonly hasFreeText: boolean;
}

/** A rubric as it is kept. */
export interface RubricVersion extends Rubric {
  /** From 1. */
  readonly version: number;
  readonly userId: string;
  readonly madeAtMs: number;
}

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

/** Keys of the page of a review, which no label can have. */
export const reservedKeys = "cejksu";

/** What a new queue asks where nobody says otherwise. */
export const plainRubric: Rubric = {
  labels: [
    { name: "good", meaning: "The agent did what it should", hotkey: "1" },
    { name: "bad", meaning: "The agent did something it should not, or not what it should", hotkey: "2" },
    { name: "unsure", meaning: "It cannot be told from the trace", hotkey: "3" }
  ],
  needsJustification: false,
  hasFreeText: true
};

/** A rubric as it is kept. @throws Fault `invalid` */
export function checkRubric(rubric: Rubric): Rubric {
  const labels = rubric.labels.map(({ name, meaning, hotkey }) => ({
    name: name.trim(),
    meaning: meaning.trim(),
    hotkey: hotkey.trim().toLowerCase()
  }));
  const odd = labels.find(({ name, meaning }) => name === "" || name.length > 100 || meaning.length > 1000);
  if (odd)
    throw new Fault("invalid", `a label has 1 to 100 characters and a meaning of at most 1,000, not "${odd.name}"`);
  if (labels.length < 1 || labels.length > 20) {
    throw new Fault("invalid", `a rubric has 1 to 20 labels, not ${labels.length}`);
  }
  if (new Set(labels.map(({ name }) => name)).size < labels.length) {
    throw new Fault("invalid", "two labels of the rubric have the same name", { hint: "Give each its own." });
  }
  const keys = labels.map(({ hotkey }) => hotkey);
  if (!keys.every((key) => /^[1-9a-z]$/.test(key)) || new Set(keys).size < keys.length) {
    throw new Fault("invalid", `the keys of the labels are "${keys.join(", ")}"`, {
      hint: "Each label needs a key of its own, 1 to 9 or a letter."
    });
  }
  const taken = keys.find((key) => reservedKeys.includes(key));
  if (taken !== undefined) {
    throw new Fault("invalid", `the key "${taken}" does something else on the page of a review`, {
      hint: `Choose another one than ${reservedKeys.split("").join(", ")}.`
    });
  }
  if (rubric.needsJustification && !rubric.hasFreeText) {
    throw new Fault("invalid", "a rubric that needs a reason must let people write one");
  }
  return { labels, needsJustification: rubric.needsJustification, hasFreeText: rubric.hasFreeText };
}

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
