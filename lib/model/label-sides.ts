import { Fault } from "./fault.ts";

/** Traces whose labels are meant. */
export interface LabelSource {
  readonly kind: "queue" | "dataset";
  readonly id: string;
}

/** What labels mean for a scorer; a label of neither side is left out. */
export interface LabelSides {
  /** Labels of traces that went wrong. */
  readonly wrong: readonly string[];
  /** Labels of traces that did not. */
  readonly fine: readonly string[];
}

/** Part of the labelled traces: to learn from, to measure on while it is worked on, and to measure on once. */
export type LabelSplit = "train" | "dev" | "test";

export const labelSplits: readonly LabelSplit[] = ["train", "dev", "test"];

/** Traces by what most people said of them. */
export interface SideCounts {
  readonly wrong: number;
  readonly fine: number;
}

/** Labelled traces that a draft needs, and of each side. */
export const [leastLabelled, leastOfSide] = [20, 5];

const mostLabels = 100;

/** @throws Fault `invalid` for a side without a label, or a label of both */
export function checkSides({ wrong, fine }: LabelSides): LabelSides {
  if (wrong.length === 0 || fine.length === 0) {
    throw new Fault("invalid", "nobody said which labels mean that it went wrong, and which that it did not", {
      hint: "Choose at least one label of each kind."
    });
  }
  if (wrong.length + fine.length > mostLabels) {
    throw new Fault("invalid", `a scorer tells ${mostLabels} labels apart at most, not ${wrong.length + fine.length}`);
  }
  const both = wrong.find((label) => fine.includes(label));
  if (both === undefined) return { wrong: [...new Set(wrong)], fine: [...new Set(fine)] };
  throw new Fault("invalid", `the label "${both.slice(0, 100)}" cannot mean that it went wrong and that it did not`);
}

/** @throws Fault `invalid` where too few traces are labelled to learn from some and to measure on others */
export function requireLabels({ wrong, fine }: SideCounts): void {
  const all = wrong + fine;
  const need = `A draft needs ${leastLabelled} labelled traces, at least ${leastOfSide} that went wrong and ${leastOfSide} that did not.`;
  const refuse = (message: string): never => {
    throw new Fault("invalid", message, { hint: need });
  };
  if (all === 0) refuse("no trace has a label that counts yet");
  if (wrong === 0) refuse(`none of the ${all} labelled traces went wrong, so there is nothing to find`);
  if (fine === 0) refuse(`all ${all} labelled traces went wrong, so there is nothing to tell them apart from`);
  if (all < leastLabelled) refuse(`${all} labelled traces count, ${leastLabelled - all} too few`);
  if (wrong < leastOfSide) refuse(`${wrong} of the labelled traces went wrong, ${leastOfSide - wrong} too few`);
  if (fine < leastOfSide) refuse(`${fine} of the labelled traces did not go wrong, ${leastOfSide - fine} too few`);
}
