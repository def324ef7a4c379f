import type { Json } from "../../model/span.ts";

/** What a frame of traces says before them, as JSON. */
export interface FrameHead {
  /** Hands over every verdict at once: after a loss the first that is missing is then the culprit's. */
  readonly isCareful: boolean;
  /** Calls of the first trace that were made before, 0 or more. */
  readonly skip: number;
  /** Calls that each trace takes. */
  readonly calls: readonly number[];
}

/**
 * What a frame says to a scorer that asks. One call at a time has its turn: it begins with the text of its trace, or
 * goes on with the answers to all that it asked, and ends with a verdict or with more questions.
 */
export type TurnHead = {
  /** Place of the call among those that are open. */
  readonly slot: number;
  /** What is left of the call's time. */
  readonly leftMs: number;
} & ({ readonly call: number } | { readonly answers: readonly TurnAnswer[] });

/** The answer to a question, or the sentence that says why there is none. */
export type TurnAnswer = { readonly value: Json } | { readonly failure: string };

/** Calls that are open at once, at most. */
export const turnSlots = 32;
