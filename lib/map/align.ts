/** A turn or mirroring, a stretch and a shift of the plane: (x, y) becomes (xx x + xy y + dx, yx x + yy y + dy). */
export interface Alignment {
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
  readonly dx: number;
  readonly dy: number;
}

/**
 * The turn (mirrored where that fits better), shift and, if wanted, stretch that lays points nearest to where they
 * were, by least squares.
 *
 * @param moved   n x 2, where the points stand now
 * @param fixed   n x 2, where the same points were
 * @param scaled  whether the map may be stretched as well; without it lengths stay as they are
 * @returns the identity where there is no point; a mere shift where all coincide
 * @see orthogonal Procrustes: Schönemann 1966, doi:10.1007/BF02289451; in the plane its solution is an angle
 */
export function alignPoints(moved: Float64Array, fixed: Float64Array, scaled: boolean): Alignment {
  const n = moved.length / 2;
  if (n === 0) return { xx: 1, xy: 0, yx: 0, yy: 1, dx: 0, dy: 0 };
  const [mx, my] = centreOf(moved);
  const [fx, fy] = centreOf(fixed);
  // Sums of products of moved (first letter) and fixed (second letter) coordinates.
  let [xx, xy, yx, yy, spread] = [0, 0, 0, 0, 0];
  for (let at = 0; at < moved.length; at += 2) {
    const [px, py] = [moved[at]! - mx, moved[at + 1]! - my];
    const [qx, qy] = [fixed[at]! - fx, fixed[at + 1]! - fy];
    xx += px * qx;
    xy += px * qy;
    yx += py * qx;
    yy += py * qy;
    spread += px * px + py * py;
  }
  const turned = Math.hypot(xx + yy, xy - yx);
  const mirrored = Math.hypot(xx - yy, xy + yx);
  const mirror = mirrored > turned ? -1 : 1;
  const angle = mirror > 0 ? Math.atan2(xy - yx, xx + yy) : Math.atan2(xy + yx, xx - yy);
  const gain = Math.max(turned, mirrored);
  const scale = scaled && gain > 0 && spread > 0 ? gain / spread : 1;
  const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  const [toX, toY] = [-mirror * sin, mirror * cos];
  return { xx: cos, xy: toX, yx: sin, yy: toY, dx: fx - cos * mx - toX * my, dy: fy - sin * mx - toY * my };
}

/** All points of a map moved by an alignment, n x 2. */
export function applyAlignment({ xx, xy, yx, yy, dx, dy }: Alignment, points: Float64Array): Float64Array {
  const out = new Float64Array(points.length);
  for (let at = 0; at < points.length; at += 2) {
    const [x, y] = [points[at]!, points[at + 1]!];
    out[at] = xx * x + xy * y + dx;
    out[at + 1] = yx * x + yy * y + dy;
  }
  return out;
}

/**
 * How far points moved from one version of a map to the next: the median move in shares of the earlier map's width.
 *
 * @param before  @param after  n x 2 of the same points
 * @param width   see `mapWidth`
 * @returns 0 where there is no point
 */
export function medianMove(before: Float64Array, after: Float64Array, width: number): number {
  const moves = new Float64Array(before.length / 2);
  for (let i = 0; i < moves.length; i++) {
    moves[i] = Math.hypot(after[2 * i]! - before[2 * i]!, after[2 * i + 1]! - before[2 * i + 1]!);
  }
  return moves.length > 0 ? moves.sort()[moves.length >> 1]! / width : 0;
}

/** The larger side of the box that holds the middle 98 % of points in each direction; 1 where all coincide. */
export function mapWidth(points: Float64Array): number {
  const side = (axis: number) => {
    const values = points.filter((_, at) => at % 2 === axis).sort();
    const cut = Math.floor(values.length / 100);
    return values.length > 0 ? values[values.length - 1 - cut]! - values[cut]! : 0;
  };
  return Math.max(side(0), side(1)) || 1;
}

function centreOf(points: Float64Array): [number, number] {
  let [x, y] = [0, 0];
  for (let at = 0; at < points.length; at += 2) {
    x += points[at]!;
    y += points[at + 1]!;
  }
  return [(2 * x) / points.length, (2 * y) / points.length];
}
