/**
 * Whether a point lies in a polygon by the even-odd rule; the last corner joins the first.
 *
 * @param polygon  corners as [x, y]; fewer than three contain nothing
 * @returns false for coordinates that are not finite. A point exactly on an edge belongs to the
 *   polygon whose interior lies above or to the right, so that two polygons sharing an edge never both hold it
 */
export function pointInPolygon(x: number, y: number, polygon: readonly (readonly [number, number])[]): boolean {
  let inside = false;
  for (let at = 0, before = polygon.length - 1; at < polygon.length; before = at++) {
    const [ax, ay] = polygon[at]!;
    const [bx, by] = polygon[before]!;
    if (crossesEdge(x, y, ax, ay, bx, by)) inside = !inside;
  }
  return inside && polygon.length > 2;
}

/** Whether a ray from a point to the right crosses an edge: the rule of `pointInPolygon` for one edge. */
export function crossesEdge(x: number, y: number, ax: number, ay: number, bx: number, by: number): boolean {
  if (ay > y === by > y) return false;
  // The sign of one cross product decides, without the division that rounds differently for the two directions of an edge.
  const side = (x - ax) * (by - ay) - (bx - ax) * (y - ay);
  return by > ay ? side < 0 : side > 0;
}
