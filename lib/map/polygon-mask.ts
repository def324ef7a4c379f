import { crossesEdge, pointInPolygon } from "../math/polygon.ts";

/** Cells of the grid in each direction: more make the exact tests fewer and the grid dearer. */
const CELLS = 256;
/** More cells per map unit than this and rounding would tell cells apart. */
const THIN = 1e12;
const OUTSIDE = 0;
const INSIDE = 1;
const BORDER = 2;

/**
 * Which points lie in a polygon, exactly as `pointInPolygon` says, but for a million points in a few hundredths of a second: a
 * grid over the polygon tells whole cells, and only points of cells that the border crosses are tested.
 *
 * @param x  @param y   one per point
 * @param polygon       corners as [x, y], 32-bit numbers as those of a map are; fewer than three contain nothing
 * @returns 1 for points inside, 0 for others
 */
export function maskPolygon(
  x: Float32Array | Float64Array,
  y: Float32Array | Float64Array,
  polygon: readonly (readonly [number, number])[]
): Uint8Array {
  const mask = new Uint8Array(x.length);
  const box = polygonBox(polygon);
  if (polygon.length < 3 || !(box.right > box.left) || !(box.high > box.low)) return mask;
  const { left, low, right, high } = box;
  const [scaleX, scaleY] = [CELLS / (right - left), CELLS / (high - low)];
  // In a box thinner than numbers can divide every cell is border.
  const cells = Math.max(scaleX, scaleY) < THIN ? markCells(polygon, box) : new Uint8Array(CELLS * CELLS).fill(BORDER);
  const edges = edgesByRow(polygon, low, scaleY);
  for (let point = 0; point < x.length; point++) {
    const [px, py] = [x[point]!, y[point]!];
    if (!(px >= left && px <= right && py >= low && py <= high)) continue;
    const column = Math.min(CELLS - 1, Math.floor((px - left) * scaleX));
    const row = Math.min(CELLS - 1, Math.floor((py - low) * scaleY));
    const cell = cells[row * CELLS + column]!;
    if (cell === INSIDE || (cell === BORDER && isWithin(px, py, edges, row))) mask[point] = 1;
  }
  return mask;
}

/** The edges of a polygon that can cross a ray of each row of cells: corners x and y, edge after edge. */
interface RowEdges {
  readonly start: Int32Array;
  readonly corners: Float64Array;
}

function edgesByRow(polygon: readonly (readonly [number, number])[], low: number, scaleY: number): RowEdges {
  const rows = Array.from({ length: CELLS }, (): number[] => []);
  const rowOf = (y: number) => Math.floor((y - low) * scaleY);
  polygon.forEach(([ax, ay], at) => {
    const [bx, by] = polygon[(at + polygon.length - 1) % polygon.length]!;
    // A row more on both sides, so rounding decides nothing; in a box too thin to divide all rows have all edges.
    const [first, last] = [rowOf(Math.min(ay, by)) - 1, rowOf(Math.max(ay, by)) + 1];
    const [from, to] = scaleY < THIN ? [Math.max(0, first), Math.min(CELLS - 1, last)] : [0, CELLS - 1];
    for (let row = from; row <= to; row++) rows[row]!.push(ax, ay, bx, by);
  });
  const start = new Int32Array(CELLS + 1);
  rows.forEach((list, row) => {
    start[row + 1] = start[row]! + list.length;
  });
  return { start, corners: Float64Array.from(rows.flat()) };
}

/** `pointInPolygon` with the edges of the point's row alone: no other can be crossed. */
function isWithin(x: number, y: number, { start, corners }: RowEdges, row: number): boolean {
  let inside = false;
  for (let at = start[row]!; at < start[row + 1]!; at += 4) {
    if (crossesEdge(x, y, corners[at]!, corners[at + 1]!, corners[at + 2]!, corners[at + 3]!)) inside = !inside;
  }
  return inside;
}

/** The smallest upright box around a polygon. */
export interface Box {
  readonly left: number;
  readonly low: number;
  readonly right: number;
  readonly high: number;
}

/** @returns an empty box (left above right) without corners */
export function polygonBox(polygon: readonly (readonly [number, number])[]): Box {
  return polygon.reduce<Box>(
    (box, [x, y]) => ({
      left: Math.min(box.left, x),
      low: Math.min(box.low, y),
      right: Math.max(box.right, x),
      high: Math.max(box.high, y)
    }),
    { left: Infinity, low: Infinity, right: -Infinity, high: -Infinity }
  );
}

/** Every cell outside, inside or on the border; a cell's width is added on all sides of an edge, so rounding decides nothing. */
function markCells(polygon: readonly (readonly [number, number])[], { left, low, right, high }: Box): Uint8Array {
  const cells = new Uint8Array(CELLS * CELLS);
  const [scaleX, scaleY] = [CELLS / (right - left), CELLS / (high - low)];
  polygon.forEach((corner, at) => {
    const before = polygon[(at + polygon.length - 1) % polygon.length]!;
    const [ax, ay] = [(corner[0] - left) * scaleX, (corner[1] - low) * scaleY];
    const [bx, by] = [(before[0] - left) * scaleX, (before[1] - low) * scaleY];
    const [lowest, highest] = [Math.min(ay, by), Math.max(ay, by)];
    for (let row = Math.max(0, Math.floor(lowest) - 1); row <= Math.min(CELLS - 1, Math.floor(highest) + 1); row++) {
      // The stretch of the edge between one cell below this row and one above it.
      const along = (y: number) => (by === ay ? 0 : Math.min(1, Math.max(0, (y - ay) / (by - ay))));
      const [first, last] = by === ay ? [0, 1] : [along(row - 1), along(row + 2)];
      const [one, other] = [ax + first * (bx - ax), ax + last * (bx - ax)];
      const from = Math.max(0, Math.floor(Math.min(one, other)) - 1);
      const to = Math.min(CELLS - 1, Math.floor(Math.max(one, other)) + 1);
      cells.fill(BORDER, row * CELLS + from, row * CELLS + to + 1);
    }
  });
  for (let row = 0; row < CELLS; row++) {
    // Between two border cells of a row nothing changes: one test tells the whole run.
    let state = OUTSIDE;
    let isKnown = false;
    for (let at = row * CELLS; at < (row + 1) * CELLS; at++) {
      if (cells[at] === BORDER) {
        isKnown = false;
        continue;
      }
      if (!isKnown) {
        const x = left + (at - row * CELLS + 0.5) / scaleX;
        state = pointInPolygon(x, low + (row + 0.5) / scaleY, polygon) ? INSIDE : OUTSIDE;
        isKnown = true;
      }
      cells[at] = state;
    }
  }
  return cells;
}
