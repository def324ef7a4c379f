import { Fault } from "./fault.ts";
import type { QueueItem, Rubric } from "./queue.ts";
import type { BusinessUnit } from "./scope.ts";

/** What is odd about an item, whatever its label. */
export type ReviewFlag = "ambiguous construct" | "item defect" | "out of scope";

export const reviewFlags: readonly ReviewFlag[] = ["ambiguous construct", "item defect", "out of scope"];

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
  if (!rubric.labels.some(({ name }) => name === label)) {
    throw new Fault("invalid", `the rubric has no label "${label.slice(0, 80)}"`, {
      hint: `It has ${rubric.labels.map(({ name }) => name).join(", ")}.`
    });
  }
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
    flags: reviewFlags.filter((flag) => flags.includes(flag))
  };
}

function checkText(text: string, what: string): string {
  if (text.length <= mostText) return text.trim();
  throw new Fault("limit", `${what} has ${text.length.toLocaleString("en-US")} characters`, {
    hint: `Keep it to ${mostText.toLocaleString("en-US")}.`
  });
}
