/** What part of the map is seen: pixel = (coordinate - origin) * scale, y upward on the map and downward in pixels. */
export interface RasterView {
  readonly width: number;
  readonly height: number;
  /** Map coordinates of the left top pixel's corner. */
  readonly left: number;
  readonly top: number;
  /** Pixels per map unit, above 0. */
  readonly scale: number;
  /** Side of a point's square in pixels, at least 1. */
  readonly pointSize: number;
}

/**
 * Draws points as squares into pixels, later ones over earlier; what lies outside is left out.
 *
 * @param x  @param y  one per point; a place that is not finite is skipped
 * @param colours      one per point, bytes in the order of canvas pixels on a little-endian machine (0xAABBGGRR)
 * @param pixels       width x height, drawn over; the caller clears it and keeps it
 */
export function drawPoints(
  x: Float32Array,
  y: Float32Array,
  colours: Uint32Array,
  view: RasterView,
  pixels: Uint32Array
): void {
  const { width, height, left, top, scale } = view;
  const size = Math.max(1, Math.round(view.pointSize));
  const half = (size - 1) / 2;
  for (let point = 0; point < x.length; point++) {
    const column = Math.round((x[point]! - left) * scale - 0.5 - half);
    const row = Math.round((top - y[point]!) * scale - 0.5 - half);
    if (!(column > -size && column < width && row > -size && row < height)) continue;
    const [fromX, toX] = [Math.max(0, column), Math.min(width, column + size)];
    const toY = Math.min(height, row + size);
    const colour = colours[point]!;
    for (let py = Math.max(0, row); py < toY; py++) {
      for (let at = py * width + fromX; at < py * width + toX; at++) pixels[at] = colour;
    }
  }
}

/** The view that shows all points with a margin of 4 %; of no points, the unit square. */
export function fitView(
  x: Float32Array,
  y: Float32Array,
  width: number,
  height: number,
  pointSize: number
): RasterView {
  let [minX, maxX, minY, maxY] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let point = 0; point < x.length; point++) {
    const [px, py] = [x[point]!, y[point]!];
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    if (px < minX) minX = px;
    if (px > maxX) maxX = px;
    if (py < minY) minY = py;
    if (py > maxY) maxY = py;
  }
  if (minX > maxX) [minX, maxX, minY, maxY] = [0, 1, 0, 1];
  const scale = Math.min(width / Math.max(maxX - minX, 1e-6), height / Math.max(maxY - minY, 1e-6)) * 0.92;
  return {
    width,
    height,
    left: (minX + maxX) / 2 - width / 2 / scale,
    top: (minY + maxY) / 2 + height / 2 / scale,
    scale,
    pointSize
  };
}
