import type { Cell, Workbook } from "#lib/model/cell.ts";
import { Fault, faultReport, isFault } from "#lib/model/fault.ts";
import type { SqlParser } from "#lib/ports/sql-parser.ts";
import { parseMapSettings } from "#lib/workbook/cell-settings.ts";
import { buildGraph, type CellReads, type Graph, readPlainCell } from "#lib/workbook/graph.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";

/** A workbook's text, read: what it is and which cell reads which. */
export interface ReadText {
  readonly workbook: Workbook;
  readonly graph: Graph;
}

/**
 * Reads a text. A cell that cannot be read is a fault of the graph, not of the text.
 *
 * @throws Fault `invalid` for what concerns the whole text: front matter, fences, names
 */
export async function readText(text: string, parser: SqlParser): Promise<ReadText> {
  const workbook = parseWorkbook(text);
  const readings = await Promise.all(
    workbook.cells.map(async (cell) => [cell.key, await readCell(cell, workbook, parser)] as const)
  );
  return { workbook, graph: buildGraph(workbook, Object.fromEntries(readings)) };
}

async function readCell(cell: Cell, workbook: Workbook, parser: SqlParser): Promise<CellReads> {
  try {
    if (cell.kind === "sql" || cell.kind === "check") return await readSql(cell.text, parser);
    const { names } = readPlainCell(cell, workbook);
    const params = cell.kind === "map" ? await readExpression(cell.text, parser) : [];
    return { names, params, fault: null };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { names: [], params: [], fault: faultReport(error) };
  }
}

async function readSql(sql: string, parser: SqlParser): Promise<CellReads> {
  const reading = await parser.read(sql);
  if (reading.kind === "select") return { names: reading.tables, params: reading.parameters, fault: null };
  const position = reading.position === null ? {} : { position: reading.position };
  return { names: [], params: [], fault: { code: "invalid", message: reading.message, ...position } };
}

/** Parameters that a map's text expression reads. */
async function readExpression(yaml: string, parser: SqlParser): Promise<readonly string[]> {
  const { text } = parseMapSettings(yaml);
  if (/^\w+$/.test(text)) return [];
  const reading = await parser.read(`select ${text}`);
  if (reading.kind === "select") return reading.parameters;
  throw new Fault("invalid", `the text of the map is no SQL expression: ${reading.message}`);
}
