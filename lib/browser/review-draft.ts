import type { Review, ReviewFlag } from "../model/review.ts";

/** A judgement that is being written. */
export interface ReviewDraft {
  readonly label: string | null;
  readonly note: string;
  readonly quotes: readonly string[];
  readonly correctedOutput: string;
  readonly flags: readonly ReviewFlag[];
  readonly scales: Readonly<Record<string, number>>;
  readonly fields: Readonly<Record<string, string>>;
}

export const emptyDraft: ReviewDraft = {
  ...{ label: null, note: "", quotes: [], correctedOutput: "" },
  ...{ flags: [], scales: {}, fields: {} }
};

const keyOf = (queueId: string, traceId: string) => `tracebook.review.${queueId}.${traceId}`;

/** What was said before, to be changed. */
export function draftOf(review: Review | null): ReviewDraft {
  if (review?.judgement.kind !== "labelled") return emptyDraft;
  const { kind: _, correctedOutput, ...said } = review.judgement;
  return { ...said, correctedOutput: correctedOutput ?? "" };
}

/** Keeps what is written until it is submitted, so that a browser that dies takes nothing with it. */
export function keepReviewDraft(storage: Storage, queueId: string, traceId: string, draft: ReviewDraft): void {
  try {
    storage.setItem(keyOf(queueId, traceId), JSON.stringify(draft));
  } catch (error) {
    console.warn("this browser does not keep the unsent judgement:", error);
  }
}

/** What was written of a trace and not sent; null where there is nothing. */
export function findReviewDraft(storage: Storage, queueId: string, traceId: string): ReviewDraft | null {
  const kept = storage.getItem(keyOf(queueId, traceId));
  if (kept === null) return null;
  try {
    const draft = JSON.parse(kept) as Partial<ReviewDraft> | null;
    return typeof draft?.note === "string" ? { ...emptyDraft, ...draft } : null;
  } catch (error) {
    console.warn("what this browser kept is no judgement:", error);
    return null;
  }
}

/** Forgets it, once the server has it. */
export function forgetReviewDraft(storage: Storage, queueId: string, traceId: string): void {
  storage.removeItem(keyOf(queueId, traceId));
}
