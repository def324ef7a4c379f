/** Where a cluster lies. */
export interface Outline {
  /** Closed curves around its dense parts, corners as [x, y], counter-clockwise; the largest first, without holes. */
  readonly rings: readonly (readonly (readonly [number, number])[])[];
  /** Middles of its dense squares with the number of points in each, for a label that stays in sight: [x, y, points]. */
  readonly spots: readonly (readonly [number, number, number])[];
}

/** Share of a cluster that its outline holds at least: what is far from the rest does not stretch it. */
const KEPT = 0.95;
/** A part with less of the outlined area is not drawn: a cluster is a place, not confetti. */
const LEAST_PART = 0.12;

/**
 * A concave hull of each group of points: the squares of a grid that hold most of it, their border smoothed.
 *
 * @param x       n map coordinates each; points that are not finite belong nowhere
 * @param groups  n, from 0; negative belongs nowhere
 * @returns one per group, at the place of its number; a group of fewer than three points has no rings
 */
export function outlineGroups(x: Float32Array, y: Float32Array, groups: Int32Array): readonly Outline[] {
  return listMembers(x, y, groups).map((members) => outlineOne(x, y, members));
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
  const cell = extent / Math.max(4, Math.min(22, Math.round(Math.sqrt(members.length) / 1.6)));
  // A margin of a cell all around, so that the border closes inside the grid.
  const [originX, originY] = [left - 1.5 * cell, low - 1.5 * cell];
  const columns = Math.ceil((right - originX) / cell) + 2;
  const rows = Math.ceil((high - originY) / cell) + 2;
  const counts = new Uint32Array(columns * rows);
  let inside = 0;
  for (const at of members) {
    const column = Math.floor((x[at]! - originX) / cell);
    const row = Math.floor((y[at]! - originY) / cell);
    if (column < 1 || row < 1 || column >= columns - 1 || row >= rows - 1) continue;
    counts[row * columns + column]! += 1;
    inside++;
  }
  const kept = keepDense(counts, inside);
  const spots = [...kept].map(
    (at) =>
      [originX + ((at % columns) + 0.5) * cell, originY + (Math.floor(at / columns) + 0.5) * cell, counts[at]!] as const
  );
  const rings = traceBorders(kept, columns)
    .filter((ring) => ring.area >= LEAST_PART * kept.size)
    .sort((a, b) => b.area - a.area)
    .map(({ corners }) => smooth(corners).map(([cx, cy]) => [originX + cx * cell, originY + cy * cell] as const));
  return { rings, spots };
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
function keepDense(counts: Uint32Array, members: number): ReadonlySet<number> {
  const full = Array.from(counts.keys())
    .filter((at) => counts[at]! > 0)
    .sort((a, b) => counts[b]! - counts[a]!);
  const kept = new Set<number>();
  let held = 0;
  for (const at of full) {
    if (held >= KEPT * members) break;
    kept.add(at);
    held += counts[at]!;
  }
  return kept;
}

interface Ring {
  readonly corners: readonly (readonly [number, number])[];
  /** In squares. */
  readonly area: number;
}

/** Outer borders of the joined squares, walked with the inside on the left. */
function traceBorders(kept: ReadonlySet<number>, columns: number): readonly Ring[] {
  // One more corner than squares in each direction.
  const width = columns + 1;
  const next = new Map<number, number[]>();
  const addEdge = (from: number, to: number) => next.set(from, [...(next.get(from) ?? []), to]);
  for (const at of kept) {
    const [column, row] = [at % columns, Math.floor(at / columns)];
    const corner = row * width + column;
    if (!kept.has(at - columns)) addEdge(corner, corner + 1);
    if (!kept.has(at + 1)) addEdge(corner + 1, corner + 1 + width);
    if (!kept.has(at + columns)) addEdge(corner + 1 + width, corner + width);
    if (!kept.has(at - 1)) addEdge(corner + width, corner);
  }
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

/** Cuts every corner at a quarter of its sides, twice (Chaikin 1974). */
function smooth(corners: Ring["corners"]): Ring["corners"] {
  let curve = corners;
  for (let turn = 0; turn < 2; turn++) {
    curve = curve.flatMap(([ax, ay], at) => {
      const [bx, by] = curve[(at + 1) % curve.length]!;
      return [
        [ax + (bx - ax) / 4, ay + (by - ay) / 4],
        [bx - (bx - ax) / 4, by - (by - ay) / 4]
      ] as const;
    });
  }
  return curve;
}
