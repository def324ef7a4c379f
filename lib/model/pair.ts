import { Fault } from "./fault.ts";
import type { Rubric } from "./rubric.ts";

/** Which traces are compared with each other. Both are always of one business unit. */
export type PairSource =
  /** Traces that begin with the same words of the user, two by two. */
  | { readonly kind: "input"; readonly predicate: string }
  /** Of one agent, a trace of a version and one of another that begin with the same words. */
  | { readonly kind: "versions"; readonly agent: string; readonly first: string; readonly second: string }
  /** Rows of a question, two columns of which hold trace ids. */
  | { readonly kind: "columns"; readonly sql: string; readonly first: string; readonly second: string };

/** What can be said of a pair: which of its traces, in the order of the queue, is better. */
export type PairLabel = "first" | "second" | "tie";

/** The rubric of a queue of pairs. What was shown left is kept with each judgement; its labels tell of no side. */
export const pairRubric: Rubric = {
  labels: [
    { name: "first", meaning: "The first trace of the pair is better", hotkey: "1" },
    { name: "second", meaning: "The second trace of the pair is better", hotkey: "2" },
    { name: "tie", meaning: "Neither is better", hotkey: "3" }
  ],
  ...{ scales: [], fields: [], needsJustification: false, hasFreeText: true }
};

/** @throws Fault `invalid` for labels other than those of pairs */
export function requirePairLabels({ labels }: Pick<Rubric, "labels">): void {
  const [given, known] = [labels, pairRubric.labels].map((list) => list.map(({ name }) => name).join(", "));
  if (given === known) return;
  throw new Fault("invalid", `a queue of pairs has the labels ${known}, not ${given}`);
}

/** A choice on the page as the label that is kept. @param left  the trace shown left. @param first  the first of the pair */
export function pairLabelOf(choice: "left" | "right" | "tie", left: string, first: string): PairLabel {
  if (choice === "tie") return "tie";
  return (choice === "left") === (left === first) ? "first" : "second";
}
