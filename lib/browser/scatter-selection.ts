import { pointInPolygon } from "#lib/math/polygon.ts";
import type { Corner } from "./scatter-view.ts";

/**
 * Which points a lasso holds, by the same even-odd rule as the table of the selection.
 *
 * @param x,y  n map coordinates each; points that are not finite are never held
 * @returns indexes of points
 */
export function pointsInside(x: Float32Array, y: Float32Array, polygon: readonly Corner[]): ReadonlySet<number> {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [px, py] of polygon) {
    left = Math.min(left, px);
    right = Math.max(right, px);
    low = Math.min(low, py);
    high = Math.max(high, py);
  }
  const inside = new Set<number>();
  for (let at = 0; at < x.length; at++) {
    const px = x[at] ?? Number.NaN;
    const py = y[at] ?? Number.NaN;
    // The box around the lasso spares most points the walk along its corners.
    if (!(px >= left && px <= right && py >= low && py <= high)) continue;
    if (pointInPolygon(px, py, polygon)) inside.add(at);
  }
  return inside;
}
