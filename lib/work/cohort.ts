import { Fault } from "#lib/model/fault.ts";
import type { Column } from "#lib/model/table.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { nameKey } from "#lib/workbook/names.ts";
import type { CellContext } from "./cell-context.ts";

/** Views of the lake that name traces, and so can be scored and mapped without a cell between. */
const traceViews = [
  "traces",
  "spans",
  "scores",
  "score_history",
  "annotations",
  "placements",
  "areas",
  "datasets",
  "queue_items",
  "trace_documents"
];

/**
 * The table of traces that a cell works on, quoted.
 *
 * @throws Fault `invalid` for a name that nothing defines, or a table without `trace_id`
 */
export async function requireTraces(context: Pick<CellContext, "kernel" | "cell">, name: string): Promise<string> {
  await columnsOf(context, name);
  return quoteName(name);
}

/** Columns of a table that a cell works on; null for a view of the lake, which has those of its description. */
export async function columnsOf(
  context: Pick<CellContext, "kernel"> & { readonly cell: Pick<CellContext["cell"], "key"> },
  name: string
): Promise<readonly Column[] | null> {
  if (traceViews.includes(nameKey(name))) return null;
  const tables = await context.kernel.listTables();
  const table = tables.find((candidate) => nameKey(candidate.name) === nameKey(name));
  if (!table) {
    throw new Fault("invalid", `cell "${context.cell.key}" reads "${name}", which no cell defines`, {
      hint: `Name a cell with traces, or one of ${traceViews.join(", ")}.`
    });
  }
  if (!table.columns.some((column) => nameKey(column.name) === "trace_id")) {
    throw new Fault(
      "invalid",
      `table "${name}" has no column trace_id, so cell "${context.cell.key}" finds no traces in it`,
      {
        hint: "Select trace_id there, too."
      }
    );
  }
  return table.columns;
}
