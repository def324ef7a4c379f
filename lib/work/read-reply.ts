import type { Cell } from "#lib/model/cell.ts";
import type { FaultReport } from "#lib/model/fault.ts";
import type { ReadReply } from "#lib/wire/workbook.ts";
import { parseMapSettings } from "#lib/workbook/cell-settings.ts";
import type { ReadText } from "./read-text.ts";

/**
 * What the page is told of a text.
 *
 * @param vectorModel  the model that is configured for vectors of maps, or null
 */
export function readReply(
  read: ReadText,
  choices: Readonly<Record<string, readonly string[]>>,
  vectorModel: string | null
): ReadReply {
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
      fault: graph.faults[cell.key] ?? null,
      ...(vectorModel !== null && asksModel(cell, graph.faults[cell.key]) ? { vectorModel } : {})
    })),
    fault: null
  };
}

function asksModel({ kind, text }: Cell, fault: FaultReport | undefined): boolean {
  return kind === "map" && fault === undefined && parseMapSettings(text).vectors !== "built-in";
}
