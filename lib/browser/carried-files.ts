import type { PickedFile } from "./upload.ts";

let carried: readonly PickedFile[] = [];

/** Keeps files that were dropped on one page for the page that imports them. */
export function carryFiles(files: readonly PickedFile[]): void {
  carried = files;
}

/** The files that were carried, once. */
export function takeCarriedFiles(): readonly PickedFile[] {
  const files = carried;
  carried = [];
  return files;
}
