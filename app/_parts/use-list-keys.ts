"use client";
import { useEffect } from "react";

/** What keys do in a list. */
export interface ListKeys {
  move(by: number): void;
  open(): void;
  select(): void;
  search(): void;
  live(): void;
}

/** j and k or arrows move, Enter opens, x selects, / searches, l switches live; never while somebody types. */
export function useListKeys(keys: ListKeys): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (target?.closest("input:not([type=checkbox]), select, textarea, dialog, details[open]")) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const isControl = target?.closest("a, button, summary, input") !== null && target !== null;
      switch (event.key) {
        case "j":
        case "ArrowDown":
          keys.move(1);
          break;
        case "k":
        case "ArrowUp":
          keys.move(-1);
          break;
        case "x":
          keys.select();
          break;
        case "/":
          keys.search();
          break;
        case "l":
          keys.live();
          break;
        case "Enter":
          if (isControl) return;
          keys.open();
          break;
        default:
          return;
      }
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}
