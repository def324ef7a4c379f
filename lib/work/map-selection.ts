import type { Picked } from "#lib/model/selection.ts";
import type { TableInfo } from "#lib/model/table.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { pickedCondition } from "#lib/sql/picked-sql.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { selectionName } from "#lib/workbook/parse-workbook.ts";

/** Makes `<map>_selection` the points that were picked; those inside a polygon by the rule of `pointInPolygon`. */
export function selectPoints(kernel: Kernel, map: string, picked: Picked): Promise<TableInfo> {
  return kernel.materialise(
    selectionName(map),
    `select m.* from ${quoteName(map)} m where ${pickedCondition("m", picked)} order by m.rowid`,
    {}
  );
}

/** Makes `<map>_selection` empty. */
export function clearSelection(kernel: Kernel, map: string): Promise<TableInfo> {
  return kernel.materialise(selectionName(map), `select * from ${quoteName(map)} where false`, {});
}
