import type { CellKind } from "#lib/model/cell.ts";
import { Fault } from "#lib/model/fault.ts";
import type { CellReading } from "#lib/wire/workbook.ts";
import { deleteCell, insertCell, type NewCell, renameCell } from "#lib/workbook/edit.ts";
import { checkCellName } from "#lib/workbook/names.ts";

/** What a new cell of each kind is called; words that mean a kind or a view cannot be names. */
export const nameStems: Readonly<Record<CellKind, string>> = {
  prose: "text",
  sql: "question",
  check: "my_check",
  scorer: "my_scorer",
  judge: "my_judge",
  score: "my_scores",
  chart: "my_chart",
  map: "topics",
  calibration: "agreement"
};

/** `name` where it is free, else `name_2`, `name_3`, … */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name}_${count}`;
  return free;
}

/** The cell under a name that no other has. */
export function withFreeName(cell: NewCell, taken: ReadonlySet<string>): NewCell {
  if (cell.kind === "prose" || cell.name === null) return cell;
  return { ...cell, name: freeName(cell.name, taken) };
}

/** The text with a copy of a cell after it, under a free name. Cells are counted from 0. */
export function duplicateCell(text: string, index: number, cell: CellReading, taken: ReadonlySet<string>): string {
  const { kind, name, text: body } = cell;
  const copy: NewCell = kind === "prose" ? { kind, text: body } : { kind, name, text: body };
  return insertCell(text, index + 1, withFreeName(copy, taken));
}

/** The text with a cell of another kind; its words stay, and one that needs a name gets a free one. */
export function changeKind(
  text: string,
  index: number,
  cell: CellReading,
  kind: CellKind,
  taken: ReadonlySet<string>
): string {
  if (kind === cell.kind) return text;
  const name = cell.name ?? freeName(nameStems[kind], taken);
  if (kind !== "prose" && cell.kind !== "prose") return renameCell(text, index, { kind, name });
  const made: NewCell = kind === "prose" ? { kind, text: cell.text } : { kind, name, text: cell.text.trim() };
  return insertCell(deleteCell(text, index), index, made);
}

/**
 * The text with a cell of another name. Cells that read it by its name keep their words.
 *
 * @throws Fault `invalid` for what is no name, `conflict` for one that another cell has
 */
export function changeName(
  text: string,
  index: number,
  cell: CellReading,
  name: string,
  taken: ReadonlySet<string>
): string {
  if (cell.kind === "prose") throw new Fault("invalid", "a text has no name");
  if (name === cell.name) return text;
  checkCellName(name, { line: cell.line, column: 1 });
  if (taken.has(name)) {
    throw new Fault("conflict", `another cell is called "${name}" already`, { hint: "Choose another name." });
  }
  return renameCell(text, index, { kind: cell.kind, name });
}
