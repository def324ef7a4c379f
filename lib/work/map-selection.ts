import type { TableInfo } from "#lib/model/table.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { selectionName } from "#lib/workbook/parse-workbook.ts";

/** Corners of a polygon in map coordinates; the last is joined to the first. */
export type Polygon = readonly (readonly [number, number])[];

/**
 * Makes `<map>_selection` the points inside a polygon, by the even-odd rule: a ray to the right crosses
 * the border an odd number of times. Exact in double precision; of points on the border those count
 * whose ray does.
 */
export async function selectPoints(kernel: Kernel, map: string, polygon: Polygon): Promise<TableInfo> {
  const edges = `${map}__edges`;
  const next = (index: number) => polygon[(index + 1) % polygon.length]!;
  await kernel.load(edges, [
    { name: "ax", type: "DOUBLE", values: polygon.map(([x]) => x) },
    { name: "ay", type: "DOUBLE", values: polygon.map(([, y]) => y) },
    { name: "bx", type: "DOUBLE", values: polygon.map((_, index) => next(index)[0]) },
    { name: "by", type: "DOUBLE", values: polygon.map((_, index) => next(index)[1]) }
  ]);
  try {
    return await kernel.materialise(
      selectionName(map),
      `select m.* from ${quoteName(map)} m where m.rowid in (
         select p.id from (
           select rowid as id, x, y from ${quoteName(map)}
           where y >= (select min(ay) from ${quoteName(edges)}) and y <= (select max(ay) from ${quoteName(edges)})
             and x <= (select max(ax) from ${quoteName(edges)})
         ) p join ${quoteName(edges)} e on (e.ay > p.y) <> (e.by > p.y)
         where p.x < (e.bx - e.ax) * (p.y - e.ay) / (e.by - e.ay) + e.ax
         group by p.id having count(*) % 2 = 1
       ) order by m.rowid`,
      {}
    );
  } finally {
    await kernel.drop(edges);
  }
}

/** Makes `<map>_selection` empty. */
export function clearSelection(kernel: Kernel, map: string): Promise<TableInfo> {
  return kernel.materialise(selectionName(map), `select * from ${quoteName(map)} where false`, {});
}
