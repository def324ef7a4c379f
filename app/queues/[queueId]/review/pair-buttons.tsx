import { type PairLabel, pairLabelOf } from "#lib/model/pair.ts";
import type { RubricLabel } from "#lib/model/rubric.ts";
import { LabelButtons } from "./label-buttons.tsx";

/** What can be said of two traces side by side. */
export const sides: readonly (RubricLabel & { readonly name: "left" | "right" | "tie" })[] = [
  { name: "left", meaning: "The left one is better; the arrow to the left does the same", hotkey: "1" },
  { name: "right", meaning: "The right one is better; the arrow to the right does the same", hotkey: "2" },
  { name: "tie", meaning: "Neither is better; the arrow down does the same", hotkey: "3" }
];

interface PairButtonsProps {
  /** Of the pair, in the queue's order. */
  readonly first: string;
  /** The trace that is shown left. */
  readonly left: string;
  readonly chosen: string | null;
  readonly onChoose: (label: PairLabel) => void;
}

/** The choice between two traces, by the sides that they are shown on. */
export function PairButtons({ first, left, chosen, onChoose }: PairButtonsProps) {
  const choice = sides.find(({ name }) => pairLabelOf(name, left, first) === chosen);
  return (
    <LabelButtons
      labels={sides}
      chosen={choice?.name ?? null}
      onChoose={(name) => onChoose(pairLabelOf(name as (typeof sides)[number]["name"], left, first))}
    />
  );
}
