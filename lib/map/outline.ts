/** Where a cluster lies. */
export interface Outline {
  /** Closed curves around its dense parts, corners as [x, y], counter-clockwise; the largest first, without holes. */
  readonly rings: readonly (readonly (readonly [number, number])[])[];
  /** Middles of its dense squares with the number of points in each, of a sample where there are many: [x, y, points]. */
  readonly spots: readonly (readonly [number, number, number])[];
}

/** Share of a cluster that its outline holds at least: what is far from the rest does not stretch it. */
const KEPT = 0.95;
/** Points of a group that are looked at, at most. */
const MOST_MEMBERS = 4_000;
/** Squares across a cluster that its border is drawn by. */
const FINE = 40;
/** A part with less of the outlined area is not drawn: a cluster is a place, not confetti. */
const LEAST_PART = 0.12;

/**
 * A concave hull of each group of points: all that lies within a short reach of its dense parts, the border smoothed.
 *
 * @param x       n map coordinates each; points that are not finite belong nowhere
 * @param groups  n, from 0; negative belongs nowhere
 * @returns one per group, at the place of its number; a group of fewer than three points has no rings
 */
export function outlineGroups(x: Float32Array, y: Float32Array, groups: Int32Array): readonly Outline[] {
  return listMembers(x, y, groups).map((members) => outlineOne(x, y, thin(members)));
}

/** Every so many members: more than some thousand do not change where a group lies. */
function thin(members: Uint32Array): Uint32Array {
  const step = Math.ceil(members.length / MOST_MEMBERS);
  return step > 1 ? members.filter((_, at) => at % step === 0) : members;
}

function listMembers(x: Float32Array, y: Float32Array, groups: Int32Array): Uint32Array[] {
  const isMember = (at: number) => groups[at]! >= 0 && Number.isFinite(x[at]!) && Number.isFinite(y[at]!);
  const counts: number[] = [];
  for (let at = 0; at < groups.length; at++) {
    if (isMember(at)) counts[groups[at]!] = (counts[groups[at]!] ?? 0) + 1;
  }
  const members = Array.from(counts, (count) => new Uint32Array(count ?? 0));
  const filled = new Uint32Array(members.length);
  for (let at = 0; at < groups.length; at++) {
    if (isMember(at)) members[groups[at]!]![filled[groups[at]!]!++] = at;
  }
  return members;
}

function outlineOne(x: Float32Array, y: Float32Array, members: Uint32Array): Outline {
  const [left, right] = middleSpan(x, members);
  const [low, high] = middleSpan(y, members);
  const extent = Math.max(right - left, high - low);
  if (members.length < 3 || !(extent > 0)) return { rings: [], spots: [] };
  const coarse = openGrid(
    left,
    low,
    right,
    high,
    extent / Math.max(4, Math.min(22, Math.sqrt(members.length) / 1.6)),
    0
  );
  const counts = new Uint32Array(coarse.columns * coarse.rows);
  let inside = 0;
  for (const at of members) {
    const square = squareOf(coarse, x[at]!, y[at]!);
    if (square < 0) continue;
    counts[square]! += 1;
    inside++;
  }
  const dense = keepDense(counts, inside);
  const kept = new Uint8Array(counts.length);
  for (const square of dense) kept[square] = 1;
  const spots = dense.map((square) => [...middleOf(coarse, square), counts[square]!] as const);
  // Sparse points reach further, so that a cluster of thirty is one place too.
  const reach = Math.max(0.02 * extent, Math.min(0.14 * extent, 1.8 * usualGap(x, y, members)));
  const fine = openGrid(left, low, right, high, extent / FINE, reach);
  const full = new Uint8Array(fine.columns * fine.rows);
  for (const at of members) {
    // What lies in no square has the number -1, and there nothing is kept.
    if (kept[squareOf(coarse, x[at]!, y[at]!)] === 1) full[squareOf(fine, x[at]!, y[at]!)] = 1;
  }
  const covered = widen(full, fine.columns, Math.round(reach / fine.side));
  const rings = traceBorders(covered, fine.columns)
    .filter((ring, _, all) => ring.area >= LEAST_PART * all.reduce((sum, { area }) => sum + area, 0))
    .sort((a, b) => b.area - a.area)
    .map(({ corners }) =>
      smooth(corners).map(([cx, cy]) => [fine.left + cx * fine.side, fine.low + cy * fine.side] as const)
    );
  return { rings, spots };
}

/** How far most of some members are from the nearest other one: four fifths are no further. */
function usualGap(x: Float32Array, y: Float32Array, members: Uint32Array): number {
  const step = Math.ceil(members.length / 200);
  const some = members.filter((_, at) => at % step === 0);
  const gaps = Float64Array.from(some, (one) => {
    let nearest = Infinity;
    for (const other of some) {
      const square = (x[one]! - x[other]!) ** 2 + (y[one]! - y[other]!) ** 2;
      if (other !== one && square < nearest) nearest = square;
    }
    return Math.sqrt(nearest);
  });
  return gaps.sort()[Math.floor(gaps.length * 0.8)] ?? 0;
}

/** Squares over a part of the map. */
interface Grid {
  readonly left: number;
  readonly low: number;
  readonly side: number;
  readonly columns: number;
  readonly rows: number;
}

/** Squares over a box and a margin, with one more all around, so that a border closes inside. */
function openGrid(left: number, low: number, right: number, high: number, side: number, margin: number): Grid {
  const around = margin + 1.5 * side;
  return {
    left: left - around,
    low: low - around,
    side,
    columns: Math.ceil((right - left + 2 * around) / side) + 1,
    rows: Math.ceil((high - low + 2 * around) / side) + 1
  };
}

/** -1 outside, and in the outermost squares. */
function squareOf({ left, low, side, columns, rows }: Grid, x: number, y: number): number {
  const column = Math.floor((x - left) / side);
  const row = Math.floor((y - low) / side);
  return column < 1 || row < 1 || column >= columns - 1 || row >= rows - 1 ? -1 : row * columns + column;
}

function middleOf({ left, low, side, columns }: Grid, square: number): readonly [number, number] {
  return [left + ((square % columns) + 0.5) * side, low + (Math.floor(square / columns) + 0.5) * side];
}

/** Squares within a reach of full ones, in squares. */
function widen(full: Uint8Array, columns: number, reach: number): Uint8Array {
  const covered = new Uint8Array(full.length);
  const widths = Array.from({ length: 2 * reach + 1 }, (_, at) =>
    Math.floor(Math.sqrt(reach ** 2 + 1 - (at - reach) ** 2))
  );
  full.forEach((isFull, square) => {
    if (isFull === 0) return;
    widths.forEach((width, at) => {
      const middle = square + (at - reach) * columns;
      covered.fill(1, middle - width, middle + width + 1);
    });
  });
  return covered;
}

/** From the first to the last hundredth of the members, and a fifth more on both sides. */
function middleSpan(values: Float32Array, members: Uint32Array): readonly [number, number] {
  const step = Math.max(1, Math.floor(members.length / 2_000));
  const some = Float32Array.from({ length: Math.ceil(members.length / step) }, (_, at) => values[members[at * step]!]!);
  some.sort();
  const from = some[Math.floor(some.length * 0.01)] ?? 0;
  const to = some[Math.ceil(some.length * 0.99) - 1] ?? 0;
  return [from - (to - from) * 0.2, to + (to - from) * 0.2];
}

/** The fullest squares that together hold the kept share. */
function keepDense(counts: Uint32Array, members: number): readonly number[] {
  const full = Array.from(counts.keys())
    .filter((square) => counts[square]! > 0)
    .sort((one, other) => counts[other]! - counts[one]!);
  let held = 0;
  return full.filter((square) => {
    const isKept = held < KEPT * members;
    held += counts[square]!;
    return isKept;
  });
}

interface Ring {
  readonly corners: readonly (readonly [number, number])[];
  /** In squares. */
  readonly area: number;
}

/** Outer borders of the joined squares, walked with the inside on the left. */
function traceBorders(covered: Uint8Array, columns: number): readonly Ring[] {
  // One more corner than squares in each direction.
  const width = columns + 1;
  const next = new Map<number, number[]>();
  const addEdge = (from: number, to: number) => next.set(from, [...(next.get(from) ?? []), to]);
  covered.forEach((isCovered, at) => {
    if (isCovered === 0) return;
    const [column, row] = [at % columns, Math.floor(at / columns)];
    const corner = row * width + column;
    if (covered[at - columns] !== 1) addEdge(corner, corner + 1);
    if (covered[at + 1] !== 1) addEdge(corner + 1, corner + 1 + width);
    if (covered[at + columns] !== 1) addEdge(corner + 1 + width, corner + width);
    if (covered[at - 1] !== 1) addEdge(corner + width, corner);
  });
  const rings: Ring[] = [];
  for (const start of next.keys()) {
    while ((next.get(start)?.length ?? 0) > 0) {
      const corners: (readonly [number, number])[] = [];
      let area = 0;
      let [from, before] = [start, start];
      do {
        const ways = next.get(from)!;
        // Where two squares touch at a corner there are two ways on; the turn to the left keeps to the square one came along.
        const step = turnLeft(from - before, width);
        const to = ways.includes(from + step) ? from + step : ways[0]!;
        ways.splice(ways.indexOf(to), 1);
        const [ax, ay] = [from % width, Math.floor(from / width)];
        const [bx, by] = [to % width, Math.floor(to / width)];
        area += (ax * by - bx * ay) / 2;
        corners.push([(ax + bx) / 2, (ay + by) / 2]);
        before = from;
        from = to;
      } while (from !== start);
      // Holes go round the other way.
      if (area > 0) rings.push({ corners, area });
    }
  }
  return rings;
}

function turnLeft(step: number, width: number): number {
  switch (step) {
    case 1:
      return width;
    case width:
      return -1;
    case -1:
      return -width;
    default:
      return 1;
  }
}

/** Cuts every corner at a quarter of its sides (Chaikin 1974). */
function smooth(corners: Ring["corners"]): Ring["corners"] {
  return corners.flatMap(([ax, ay], at) => {
    const [bx, by] = corners[(at + 1) % corners.length]!;
    return [
      [ax + (bx - ax) / 4, ay + (by - ay) / 4],
      [bx - (bx - ax) / 4, by - (by - ay) / 4]
    ] as const;
  });
}
