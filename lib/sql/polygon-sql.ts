import type { Polygon } from "../model/selection.ts";

/**
 * The edges of a polygon as the engine reads them: JSON of `[x, y, x before, y before]` per corner. JSON writes the
 * shortest text that reads back as the same double, which the engine's cast does, too.
 */
export function formatEdges(polygon: Polygon): string {
  return JSON.stringify(polygon.map(([x, y], at) => [x, y, ...polygon[(at + polygon.length - 1) % polygon.length]!]));
}

/**
 * The condition that a point lies in a polygon, by the very rule of `pointInPolygon`, to the last bit of a double.
 *
 * @param x  @param y  @param edges  expressions; `edges` is a DOUBLE[][] of `formatEdges`
 */
export function insidePolygonSql(x: string, y: string, edges: string): string {
  const side = `(${x} - e[1]) * (e[4] - e[2]) - (e[3] - e[1]) * (${y} - e[2])`;
  return `(len(list_filter(${edges}, lambda e: (e[2] > ${y}) <> (e[4] > ${y})
    and case when e[4] > e[2] then ${side} < 0 else ${side} > 0 end)) % 2 = 1)`;
}

/**
 * The condition that a point lies in a polygon as a text that stands by itself, for questions that people keep: the
 * rule of `insidePolygonSql`, put so that the engine joins points and edges, which for a lasso of hundreds of corners
 * is several times as fast.
 *
 * @param x  @param y  columns with the name of their relation
 */
export function polygonCondition(x: string, y: string, polygon: Polygon): string {
  // Points just beside all corners go to the rule as well: it rounds, and what it says of them is what counts.
  const margin = 1e-9 * Math.max(...polygon.flat().map(Math.abs));
  const within = (value: string, axis: 0 | 1) => {
    const values = polygon.map((corner) => corner[axis]);
    const [low, high] = [Math.min(...values) - margin, Math.max(...values) + margin];
    return `${value} between ${formatNumber(low)} and ${formatNumber(high)}`;
  };
  const side = `(${x} - e.ax) * (e."by" - e.ay) - (e.bx - e.ax) * (${y} - e.ay)`;
  return `${within(x, 0)} and ${within(y, 1)}
  and (select count(*) from (
      select e[1] as ax, e[2] as ay, e[3] as bx, e[4] as "by", least(e[2], e[4]) as low, greatest(e[2], e[4]) as high
      from (select unnest(cast('${formatEdges(polygon)}' as double[][])) as e)
    ) e where e.low <= ${y} and e.high > ${y}
      and case when e."by" > e.ay then ${side} < 0 else ${side} > 0 end) % 2 = 1`;
}

/** A number as the engine reads it back to the last bit: a literal would be a decimal, and rounded otherwise. */
function formatNumber(value: number): string {
  return `'${value}'::double`;
}
