/** Corners in map coordinates, the last joined to the first. */
type Polygon = readonly (readonly [number, number])[];

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
