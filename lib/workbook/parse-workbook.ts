import type { Cell, Workbook } from "#lib/model/cell.ts";
import { Fault } from "#lib/model/fault.ts";
import { cellText, parseDocument, type WorkbookDocument } from "./document.ts";
import { parseFrontMatter } from "./front-matter.ts";
import { nameKey } from "./names.ts";

/** What is read as one workbook; each of its cells is held against all others. */
const [mostCharacters, mostCells] = [1_000_000, 500];

/**
 * Reads a workbook's text.
 *
 * @throws Fault `invalid` with line and column in the text, `limit` for one that is too long
 */
export function parseWorkbook(text: string): Workbook {
  if (text.length > mostCharacters) throw tooLong(`${mostCharacters} characters`, `${text.length}`);
  return readWorkbook(parseDocument(text));
}

/**
 * What a text that is taken apart means. Prose of nothing but white space is no cell.
 *
 * @throws Fault `invalid` with line and column in the text
 */
export function readWorkbook(document: WorkbookDocument): Workbook {
  const { title, ...front } = parseFrontMatter(document.front);
  const cells: Cell[] = [];
  for (const segment of document.segments) {
    if (segment.kind === "prose" && segment.raw.trim() === "") continue;
    const position = `_${cells.length}`;
    if (segment.kind === "prose") {
      cells.push({ kind: "prose", name: null, key: position, text: segment.raw, line: segment.line });
    } else {
      const { kind, name } = segment.info;
      cells.push({ kind, name, key: name ?? position, text: cellText(segment), line: segment.line + 1 });
    }
  }
  if (cells.length > mostCells) throw tooLong(`${mostCells} cells`, `${cells.length}`);
  refuseRepeats(cells);
  return { title: title ?? findHeading(cells) ?? "Untitled", ...front, cells };
}

function tooLong(most: string, has: string): Fault {
  return new Fault("limit", `a workbook has at most ${most}, and this has ${has}`, {
    hint: "Make workbooks of its parts.",
    position: { line: 1, column: 1 }
  });
}

/** Every table that a cell makes, by lower-case name: its own, and a map's selection. */
export function tablesOf(cell: Cell): readonly string[] {
  switch (cell.kind) {
    case "prose":
    case "scorer":
    case "judge":
    case "chart":
      return [];
    case "sql":
    case "check":
    case "score":
      return [cell.key];
    case "map":
      return [cell.key, selectionName(cell.key)];
    case "calibration":
      return [cell.key, disagreementsName(cell.key)];
  }
}

/** True for a cell that score cells can name as their scorer. */
export function isScorer({ kind }: Pick<Cell, "kind">): boolean {
  return kind === "scorer" || kind === "judge";
}

/** The table of a map's selection. */
export function selectionName(map: string): string {
  return `${map}_selection`;
}

/** The table of traces on which a calibrated scorer and people do not agree. */
export function disagreementsName(calibration: string): string {
  return `${calibration}_disagreements`;
}

function refuseRepeats(cells: readonly Cell[]): void {
  const taken = new Map<string, Cell>();
  for (const cell of cells) {
    if (cell.name === null) continue;
    const tables = tablesOf(cell);
    for (const name of tables.length > 0 ? tables : [cell.name]) {
      const other = taken.get(nameKey(name));
      if (other) {
        throw new Fault("invalid", `two cells define "${name}"`, {
          hint: `The other begins on line ${other.line - 1}; give one of them another name.`,
          position: { line: cell.line - 1, column: 1 }
        });
      }
      taken.set(nameKey(name), cell);
    }
  }
}

function findHeading(cells: readonly Cell[]): string | undefined {
  for (const cell of cells) {
    const heading = cell.kind === "prose" ? /^#{1,6}[ \t]+([^ \t\n].*)$/m.exec(cell.text.replaceAll("\r", "")) : null;
    if (heading?.[1]) return withoutClosing(heading[1]);
  }
  return undefined;
}

/** A heading without the marks that may close it. A pattern would try every blank in it as their beginning. */
function withoutClosing(heading: string): string {
  const text = heading.trimEnd();
  let end = text.length;
  while (end > 1 && text[end - 1] === "#") end -= 1;
  return text.slice(0, end).trimEnd();
}
