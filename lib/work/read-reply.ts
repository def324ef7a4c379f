import type { Cell } from "#lib/model/cell.ts";
import type { CellReading, ReadReply } from "#lib/wire/workbook.ts";
import { parseMapSettings, parseScoreSettings } from "#lib/workbook/cell-settings.ts";
import { findJudge } from "./open-judge.ts";
import type { ReadText } from "./read-text.ts";

/**
 * What the page is told of a text.
 *
 * @param models  those that are configured for vectors of maps, and for facets and judges
 * @param asking  keys of the score cells whose scorer asks a model
 */
export function readReply(
  read: ReadText,
  choices: Readonly<Record<string, readonly string[]>>,
  models: { readonly vectors: string | null; readonly answers: string | null },
  asking: ReadonlySet<string> = new Set()
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
      ...modelsOf(cell, read, models, asking)
    })),
    fault: null
  };
}

function modelsOf(
  { key, kind, text }: Cell,
  { workbook, graph }: ReadText,
  models: Parameters<typeof readReply>[2],
  asking: ReadonlySet<string>
): Pick<CellReading, "vectorModel" | "facetModel" | "judgeModel"> {
  if (graph.faults[key] !== undefined) return {};
  if (kind === "score") {
    const isJudged = asking.has(key) || findJudge(workbook, parseScoreSettings(text).scorer) !== undefined;
    return isJudged && models.answers !== null ? { judgeModel: models.answers } : {};
  }
  if (kind !== "map") return {};
  const { vectors, facet } = parseMapSettings(text);
  return {
    ...(models.vectors !== null && vectors !== "built-in" ? { vectorModel: models.vectors } : {}),
    ...(models.answers !== null && facet !== null ? { facetModel: models.answers } : {})
  };
}
