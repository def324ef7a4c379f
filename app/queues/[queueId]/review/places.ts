"use client";

/** Parts of the form that keys go to, marked by `data-place`. */
export const places = { why: "why", flags: "flags", corrected: "corrected" } as const;

/** Goes to a part of the form, and opens what folds it away. */
export function goToPlace(place: string): void {
  const found = document.querySelector<HTMLElement>(`[data-place=${CSS.escape(place)}]`);
  const folded = found?.closest("details");
  if (folded) folded.open = true;
  found?.focus();
}
