import { Fault } from "./fault.ts";
import type { BusinessUnit } from "./scope.ts";
import type { Origin } from "./selection.ts";

/** A named part of a dataset and how much of it that is, above 0 and at most 1. */
export interface Split {
  readonly name: string;
  readonly share: number;
}

/** One input with an optional expected output. */
export interface Example {
  readonly traceId: string;
  readonly businessUnit: BusinessUnit;
  readonly input: string;
  /** Null where nobody has said what the answer should be. */
  readonly expected: string | null;
  /** Name of the split. */
  readonly split: string;
}

/** A fixed set of examples; it never changes. */
export interface DatasetVersion {
  /** From 1. */
  readonly version: number;
  readonly madeAtMs: number;
  readonly userId: string;
  readonly origin: Origin;
  /** What the split of each trace is drawn with. */
  readonly seed: number;
  /** Whether the agents' answers were taken as what they should answer. */
  readonly keepsAnswers: boolean;
  /** Their shares sum to 1. */
  readonly splits: readonly Split[];
  /** Examples that the reader sees, in all and by split. */
  readonly examples: number;
  readonly bySplit: Readonly<Record<string, number>>;
}

/** A fixed, versioned set of examples. */
export interface Dataset {
  readonly datasetId: string;
  readonly title: string;
  /** Those of its units that the reader sees. */
  readonly businessUnits: readonly BusinessUnit[];
  readonly userId: string;
  readonly createdAtMs: number;
  /** The newest first, at least one. */
  readonly versions: readonly DatasetVersion[];
}

/** Most examples of one version. */
export const mostExamples = 100_000;

const mostSplits = 10;

/** Splits as they are kept. @throws Fault `invalid` where names repeat or shares do not sum to 1 */
export function checkSplits(splits: readonly Split[]): readonly Split[] {
  const kept = splits.map(({ name, share }) => ({ name: name.trim(), share }));
  const names = new Set(kept.map(({ name }) => name));
  const sum = kept.reduce((total, { share }) => total + share, 0);
  const fit = kept.every(({ name, share }) => name !== "" && name.length <= 40 && share > 0 && share <= 1);
  if (fit && kept.length >= 1 && kept.length <= mostSplits && names.size === kept.length && Math.abs(sum - 1) < 1e-9) {
    return kept;
  }
  throw new Fault("invalid", `a dataset has 1 to ${mostSplits} splits with different names, and shares that sum to 1`, {
    hint: "Write, for example, 0.8 and 0.2."
  });
}

/**
 * The split of a trace: the same for the same draw, whatever else is in the dataset.
 *
 * @param draw  of the trace, in [0, 1)
 */
export function chooseSplit(splits: readonly Split[], draw: number): string {
  let reached = 0;
  for (const { name, share } of splits) {
    reached += share;
    if (draw < reached) return name;
  }
  return splits.at(-1)?.name ?? "";
}
