import type { Cell } from "#lib/model/cell.ts";
import type { FaultReport } from "#lib/model/fault.ts";
import type { CellReading, ReadReply } from "#lib/wire/workbook.ts";
import { parseMapSettings } from "#lib/workbook/cell-settings.ts";
import type { ReadText } from "./read-text.ts";

/**
 * What the page is told of a text.
 *
 * @param models  those that are configured for vectors and facets of maps
 */
export function readReply(
  read: ReadText,
  choices: Readonly<Record<string, readonly string[]>>,
  models: { readonly vectors: string | null; readonly facets: string | null }
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
      ...modelsOf(cell, graph.faults[cell.key], models)
    })),
    fault: null
  };
}

function modelsOf(
  { kind, text }: Cell,
  fault: FaultReport | undefined,
  models: Parameters<typeof readReply>[2]
): Pick<CellReading, "vectorModel" | "facetModel"> {
  if (kind !== "map" || fault !== undefined) return {};
  const { vectors, facet } = parseMapSettings(text);
  return {
    ...(models.vectors !== null && vectors !== "built-in" ? { vectorModel: models.vectors } : {}),
    ...(models.facets !== null && facet !== null ? { facetModel: models.facets } : {})
  };
}
