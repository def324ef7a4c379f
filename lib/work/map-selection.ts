import type { Polygon } from "#lib/model/selection.ts";
import type { TableInfo } from "#lib/model/table.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { polygonCondition } from "#lib/sql/polygon-sql.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { selectionName } from "#lib/workbook/parse-workbook.ts";

/** Makes `<map>_selection` the points inside a polygon, by the rule of `pointInPolygon`. */
export function selectPoints(kernel: Kernel, map: string, polygon: Polygon): Promise<TableInfo> {
  return kernel.materialise(
    selectionName(map),
    `select m.* from ${quoteName(map)} m where ${polygonCondition("m.x", "m.y", polygon)} order by m.rowid`,
    {}
  );
}

/** Makes `<map>_selection` empty. */
export function clearSelection(kernel: Kernel, map: string): Promise<TableInfo> {
  return kernel.materialise(selectionName(map), `select * from ${quoteName(map)} where false`, {});
}
