import type { BusinessUnit } from "../model/scope.ts";
import { insertCell, type NewCell } from "./edit.ts";

/** The text of a workbook of cells, for some units. Prose after prose is one cell, as it would be read. */
export function formatNewWorkbook(
  title: string,
  businessUnits: readonly BusinessUnit[],
  cells: readonly NewCell[]
): string {
  const front = `---\ntitle: ${JSON.stringify(title)}\nbusiness_units: [${businessUnits.join(", ")}]\n---\n`;
  return joinProse(cells).reduce((text, cell, at) => insertCell(text, at, cell), front);
}

function joinProse(cells: readonly NewCell[]): readonly NewCell[] {
  const joined: NewCell[] = [];
  for (const cell of cells) {
    const before = joined.at(-1);
    if (cell.kind !== "prose" || before?.kind !== "prose") joined.push(cell);
    else joined[joined.length - 1] = { kind: "prose", text: `${before.text.trimEnd()}\n\n${cell.text}` };
  }
  return joined;
}
