"use client";
import { useEffect } from "react";
import type { Rubric, RubricScale } from "#lib/model/rubric.ts";

/** What keys do while a queue is reviewed. */
export interface ReviewKeys {
  choose(label: string): void;
  /** Goes to a scale, where digits and arrows choose. */
  goToScale(name: string): void;
  rate(name: string, value: number): void;
  /** Goes to a field of the rubric. */
  goToField(name: string): void;
  flags(): void;
  correct(): void;
  adjudicate(): void;
  write(): void;
  submit(): void;
  skip(): void;
  undo(): void;
  next(): void;
  previous(): void;
  quote(): void;
  help(): void;
}

/** The keys of the page; those of the labels are the rubric's own. Ctrl+Enter and Escape work while somebody types, too. */
export function useReviewKeys(rubric: Rubric | null, keys: ReviewKeys): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        keys.submit();
        return;
      }
      const isTyping = target?.closest("input:not([type=checkbox], [type=radio]), select, textarea, dialog") ?? null;
      const scale = rubric?.scales.find(
        ({ name }) => name === target?.closest<HTMLElement>("[data-scale]")?.dataset["scale"]
      );
      if (event.key === "Escape" && (isTyping || scale)) {
        target?.blur();
        return;
      }
      const value = scale && /^\d$/.test(event.key) ? numberOf(scale, event.key) : null;
      if (scale && value !== null) {
        event.preventDefault();
        keys.rate(scale.name, value);
        target?.blur();
        return;
      }
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      const arrow = rubric?.labels.some(({ name }) => name === "left") ? arrows[event.key] : undefined;
      const act = arrow
        ? () => keys.choose(arrow)
        : (rubricAct(rubric, keys, event.key.toLowerCase()) ?? actsOf(keys)[event.key]);
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}

/** Of two traces side by side. */
const arrows: Readonly<Record<string, string>> = { ArrowLeft: "left", ArrowRight: "right", ArrowDown: "tie" };

function rubricAct(rubric: Rubric | null, keys: ReviewKeys, key: string): (() => void) | undefined {
  const named = (parts: readonly { readonly name: string; readonly hotkey: string }[] = []) =>
    parts.find(({ hotkey }) => hotkey === key)?.name;
  const [label, scale, field] = [named(rubric?.labels), named(rubric?.scales), named(rubric?.fields)];
  if (label !== undefined) return () => keys.choose(label);
  if (scale !== undefined) return () => keys.goToScale(scale);
  return field === undefined ? undefined : () => keys.goToField(field);
}

const actsOf = (keys: ReviewKeys): Readonly<Record<string, () => void>> => ({
  ...{ c: keys.write, e: keys.quote, s: keys.skip, u: keys.undo, j: keys.next, k: keys.previous },
  ...{ f: keys.flags, x: keys.correct, a: keys.adjudicate, "?": keys.help }
});

/** The number that a digit means on a scale: 0 is ten where the scale has no 0. */
function numberOf({ low, high }: RubricScale, digit: string): number | null {
  const value = digit === "0" && low > 0 ? 10 : Number(digit);
  return value >= low && value <= high ? value : null;
}
