"use client";
import { useEffect } from "react";
import type { Rubric } from "#lib/model/queue.ts";

/** What keys do while a queue is reviewed. */
export interface ReviewKeys {
  choose(label: string): void;
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
      const isTyping = target?.closest("input:not([type=checkbox]), select, textarea, dialog") ?? null;
      if (event.key === "Escape" && isTyping) {
        target?.blur();
        return;
      }
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      const label = rubric?.labels.find(({ hotkey }) => hotkey === event.key.toLowerCase());
      const act =
        label === undefined
          ? {
              c: keys.write,
              s: keys.skip,
              u: keys.undo,
              j: keys.next,
              k: keys.previous,
              e: keys.quote,
              "?": keys.help
            }[event.key]
          : () => keys.choose(label.name);
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}
