import type { ReadReply } from "#lib/wire/workbook.ts";
import type { ReadText } from "./read-text.ts";

/** What the page is told of a text. */
export function readReply(read: ReadText, choices: Readonly<Record<string, readonly string[]>>): ReadReply {
  const { workbook, graph } = read;
  return {
    title: workbook.title,
    businessUnits: workbook.businessUnits,
    params: workbook.params,
    choices,
    schedule: workbook.schedule,
    cells: workbook.cells.map((cell) => ({
      key: cell.key,
      kind: cell.kind,
      name: cell.name,
      text: cell.text,
      line: cell.line,
      reads: graph.reads[cell.key] ?? [],
      fault: graph.faults[cell.key] ?? null
    })),
    fault: null
  };
}
