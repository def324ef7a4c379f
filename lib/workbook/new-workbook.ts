import type { BusinessUnit } from "../model/scope.ts";
import { insertCell, type NewCell } from "./edit.ts";

/** The text of a workbook of cells, for some units. */
export function formatNewWorkbook(
  title: string,
  businessUnits: readonly BusinessUnit[],
  cells: readonly NewCell[]
): string {
  const front = `---\ntitle: ${JSON.stringify(title)}\nbusiness_units: [${businessUnits.join(", ")}]\n---\n`;
  return cells.reduce((text, cell, at) => insertCell(text, at, cell), front);
}
