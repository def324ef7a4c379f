import { Fault } from "./fault.ts";
import { refuseMasked } from "./mask.ts";
import type { QueueItem } from "./queue.ts";
import { type Rubric, requireLabel } from "./rubric.ts";
import type { BusinessUnit } from "./scope.ts";

/** What is odd about an item, whatever its label. */
export type ReviewFlag = "ambiguous construct" | "item defect" | "out of scope" | "to be adjudicated";

export const reviewFlags: readonly ReviewFlag[] = [
  "ambiguous construct",
  "item defect",
  "out of scope",
  "to be adjudicated"
];

/** A judgement as its reviewer sends it. */
export type Judgement =
  | {
      readonly kind: "labelled";
      readonly label: string;
      /** Why; may be empty only where the rubric allows it. */
      readonly note: string;
      /** Words of the trace that it rests on. */
      readonly quotes: readonly string[];
      /** What the answer should have been; null where nobody said. */
      readonly correctedOutput: string | null;
      readonly flags: readonly ReviewFlag[];
      /** By the rubric's scale. */
      readonly scales: Readonly<Record<string, number>>;
      /** By the rubric's field; those that are empty are left out. */
      readonly fields: Readonly<Record<string, string>>;
      /** Of a pair: the trace that was shown at the left. */
      readonly left?: string;
    }
  /** The item goes to others; this reviewer does not get it again. */
  | { readonly kind: "skipped"; readonly reason: string }
  /** Taken back: the item waits for this reviewer again. */
  | { readonly kind: "withdrawn" };

/** What one reviewer said of one item; a change is a new version, never an update. */
export interface Review {
  readonly queueId: string;
  readonly traceId: string;
  readonly businessUnit: BusinessUnit;
  readonly userId: string;
  /** From 1. */
  readonly version: number;
  readonly rubricVersion: number;
  readonly judgement: Judgement;
  /** From the opening of the item to the judgement, while the page was in view. */
  readonly durationMs: number;
  readonly madeAtMs: number;
}

/** An item that one reviewer has open, for a while. */
export interface Hold extends Pick<QueueItem, "traceId" | "businessUnit"> {
  readonly expiresAtMs: number;
}

const [mostText, mostQuotes, mostQuote] = [20_000, 20, 2000];

/** A judgement as it is kept. @throws Fault `invalid` for what the rubric does not allow */
export function checkJudgement(judgement: Judgement, rubric: Rubric): Judgement {
  if (judgement.kind === "withdrawn") return judgement;
  if (judgement.kind === "skipped") {
    const reason = checkText(judgement.reason, "the reason");
    if (reason === "") throw new Fault("invalid", "an item is skipped for a reason", { hint: "Write why." });
    return { kind: "skipped", reason };
  }
  const { label, quotes, flags } = judgement;
  requireLabel(rubric, label);
  const note = checkText(judgement.note, "the reason");
  if (rubric.needsJustification && note === "") {
    throw new Fault("invalid", `"${label}" needs a reason`, { hint: "Write why, then submit." });
  }
  if (quotes.length > mostQuotes || quotes.some((quote) => quote.length > mostQuote)) {
    throw new Fault("limit", `a judgement rests on ${mostQuotes} quotes at most, of ${mostQuote} characters each`);
  }
  const corrected =
    judgement.correctedOutput === null ? "" : checkText(judgement.correctedOutput, "the corrected answer");
  return {
    kind: "labelled",
    label,
    note,
    quotes: quotes.map((quote) => quote.trim()).filter(Boolean),
    correctedOutput: corrected === "" ? null : corrected,
    flags: reviewFlags.filter((flag) => flags.includes(flag)),
    scales: checkScales(judgement.scales, rubric),
    fields: checkFields(judgement.fields, rubric),
    ...(judgement.left === undefined ? {} : { left: judgement.left })
  };
}

/** A kept judgement, of a time when there were labels alone, too. */
export function readJudgement(body: string): Judgement {
  const judgement = JSON.parse(body) as Judgement;
  return judgement.kind === "labelled"
    ? { ...judgement, scales: judgement.scales ?? {}, fields: judgement.fields ?? {} }
    : judgement;
}

function checkScales(given: Readonly<Record<string, number>>, { scales }: Rubric): Readonly<Record<string, number>> {
  return Object.fromEntries(
    scales.map(({ name, low, high }) => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (value === undefined)
        throw new Fault("invalid", `"${name}" has no number`, { hint: `Choose one from ${low} to ${high}.` });
      if (!Number.isInteger(value) || value < low || value > high)
        throw new Fault("invalid", `"${name}" is ${value}, and goes from ${low} to ${high}`);
      return [name, value];
    })
  );
}

function checkFields(given: Readonly<Record<string, string>>, { fields }: Rubric): Readonly<Record<string, string>> {
  const written = fields.map(({ name, isRequired }) => {
    const text = Object.hasOwn(given, name) ? checkText(given[name]!, `"${name}"`) : "";
    if (text === "" && isRequired) throw new Fault("invalid", `"${name}" is empty`, { hint: "Write it, then submit." });
    return [name, text] as const;
  });
  return Object.fromEntries(written.filter(([, text]) => text !== ""));
}

function checkText(text: string, what: string): string {
  refuseMasked(text, what);
  if (text.length <= mostText) return text.trim();
  throw new Fault("limit", `${what} has ${text.length.toLocaleString("en-US")} characters`, {
    hint: `Keep it to ${mostText.toLocaleString("en-US")}.`
  });
}
