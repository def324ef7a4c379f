import { Fault } from "./fault.ts";

/** One label that an annotator may choose. */
export interface RubricLabel {
  readonly name: string;
  /** What it means. */
  readonly meaning: string;
  /** One key, `1` to `9` or a letter. */
  readonly hotkey: string;
}

/** Whole numbers that an annotator may choose one of. */
export interface RubricScale {
  readonly name: string;
  /** What the ends mean. */
  readonly meaning: string;
  /** A letter: after it, a digit chooses. */
  readonly hotkey: string;
  /** The lowest and the highest number, at most ten apart. */
  readonly low: number;
  readonly high: number;
}

/** A text that an annotator may write beside the reason. */
export interface RubricField {
  readonly name: string;
  /** A letter that goes to it. */
  readonly hotkey: string;
  readonly isRequired: boolean;
}

/** What an annotator may say and what each of it means. A change is a new version. */
export interface Rubric {
  readonly labels: readonly RubricLabel[];
  /** Each label needs a number on each of them. */
  readonly scales: readonly RubricScale[];
  readonly fields: readonly RubricField[];
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

/** Keys of the page of a review, which nothing of a rubric can have. */
export const reservedKeys = "acefjksux";

/** What a new queue asks where nobody says otherwise. */
export const plainRubric: Rubric = {
  labels: [
    { name: "good", meaning: "The agent did what it should", hotkey: "1" },
    { name: "bad", meaning: "The agent did something it should not, or not what it should", hotkey: "2" },
    { name: "unsure", meaning: "It cannot be told from the trace", hotkey: "3" }
  ],
  scales: [],
  fields: [],
  needsJustification: false,
  hasFreeText: true
};

const [mostLabels, mostScales, mostFields] = [20, 5, 5];

/** A rubric as it is kept. @throws Fault `invalid` */
export function checkRubric(rubric: Rubric): Rubric {
  const labels = rubric.labels.map((label) => ({ ...clean(label), meaning: label.meaning.trim() }));
  const scales = rubric.scales.map((scale) => ({ ...scale, ...clean(scale), meaning: scale.meaning.trim() }));
  const fields = rubric.fields.map((field) => ({ ...clean(field), isRequired: field.isRequired }));
  if (labels.length < 1 || labels.length > mostLabels)
    throw new Fault("invalid", `a rubric has 1 to ${mostLabels} labels, not ${labels.length}`);
  if (scales.length > mostScales || fields.length > mostFields)
    throw new Fault("invalid", `a rubric has ${mostScales} scales and ${mostFields} fields at most`);
  checkNames("label", labels);
  checkNames("scale", scales);
  checkNames("field", fields);
  const odd = scales.find(({ low, high }) => !Number.isInteger(low) || !Number.isInteger(high) || !isSpan(high - low));
  if (odd) {
    throw new Fault("invalid", `the scale "${odd.name}" goes from ${odd.low} to ${odd.high}`, {
      hint: "Choose whole numbers, the second 1 to 10 above the first."
    });
  }
  checkKeys(labels, /^[1-9a-z]$/, "Each label needs a key of its own, 1 to 9 or a letter.");
  checkKeys([...scales, ...fields], /^[a-z]$/, "Each scale and each field needs a letter of its own.");
  checkKeys([...labels, ...scales, ...fields], /./, "Each label, scale and field needs a key of its own.");
  if (rubric.needsJustification && !rubric.hasFreeText) {
    throw new Fault("invalid", "a rubric that needs a reason must let people write one");
  }
  return { labels, scales, fields, needsJustification: rubric.needsJustification, hasFreeText: rubric.hasFreeText };
}

/** @throws Fault `invalid` for a label that the rubric does not have */
export function requireLabel({ labels }: Pick<Rubric, "labels">, label: string): string {
  if (labels.some(({ name }) => name === label)) return label;
  throw new Fault("invalid", `the rubric has no label "${label.slice(0, 80)}"`, {
    hint: `It has ${labels.map(({ name }) => name).join(", ")}.`
  });
}

/** A kept rubric, of a time when there were labels alone, too. */
export function readRubric(body: string): Rubric {
  const kept = JSON.parse(body) as Omit<Rubric, "scales" | "fields"> & Partial<Rubric>;
  return { ...kept, scales: kept.scales ?? [], fields: kept.fields ?? [] };
}

type Keyed = Pick<RubricLabel, "name" | "hotkey">;

const clean = ({ name, hotkey }: Keyed): Keyed => ({ name: name.trim(), hotkey: hotkey.trim().toLowerCase() });

const isSpan = (steps: number) => steps >= 1 && steps <= 10;

function checkNames(what: string, parts: readonly (Keyed & { readonly meaning?: string })[]): void {
  const odd = parts.find(({ name, meaning = "" }) => name === "" || name.length > 100 || meaning.length > 1000);
  if (odd)
    throw new Fault("invalid", `a ${what} has 1 to 100 characters and a meaning of at most 1,000, not "${odd.name}"`);
  if (new Set(parts.map(({ name }) => name)).size < parts.length) {
    throw new Fault("invalid", `two ${what}s of the rubric have the same name`, { hint: "Give each its own." });
  }
}

function checkKeys(parts: readonly Keyed[], form: RegExp, hint: string): void {
  const keys = parts.map(({ hotkey }) => hotkey);
  if (!keys.every((key) => form.test(key)) || new Set(keys).size < keys.length)
    throw new Fault("invalid", `the keys of the rubric are "${keys.join(", ")}"`, { hint });
  const taken = keys.find((key) => reservedKeys.includes(key));
  if (taken !== undefined) {
    throw new Fault("invalid", `the key "${taken}" does something else on the page of a review`, {
      hint: `Choose another one than ${reservedKeys.split("").join(", ")}.`
    });
  }
}
