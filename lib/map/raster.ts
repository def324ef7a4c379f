/** What is drawn. Buffers are borrowed. */
export interface RasterPoints {
  /** Map coordinates, n each; a place that is not finite is skipped. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** n colours, bytes in the order of canvas pixels on a little-endian machine (0xAABBGGRR). */
  readonly colours: Uint32Array;
  /** Indexes of the points to draw, those on top last; null draws all in their own order. */
  readonly order: Uint32Array | null;
  /** n factors of the point size; null draws all alike. */
  readonly sizes: Float32Array | null;
}

/** What part of the map is seen: pixel = (coordinate - origin) * scale, y upward on the map and downward in pixels. */
export interface RasterView {
  readonly width: number;
  readonly height: number;
  /** Map coordinates of the left top pixel's corner. */
  readonly left: number;
  readonly top: number;
  /** Pixels per map unit, above 0. */
  readonly scale: number;
  /** Side of a point's square, or width of its disc, in pixels, at least 1. */
  readonly pointSize: number;
}

/** From this size on a point is a disc with a soft edge; below it a square cannot be told from one. */
const DISC_FROM = 4;
/** Of more points than this all are squares: soft edges cost twenty times the time, and lie under other points anyway. */
const MOST_DISCS = 50_000;
/** No point is wider, whatever its factor. */
const WIDEST = 64;

/**
 * Draws points into pixels, later ones over earlier; what lies outside is left out. A million points take about as long as
 * the screen takes for one picture.
 *
 * @param pixels  width x height, drawn over; the caller clears it and keeps it
 */
export function drawPoints(points: RasterPoints, view: RasterView, pixels: Uint32Array): void {
  const count = points.order ? points.order.length : points.x.length;
  const usual = clampSize(view.pointSize);
  if (count <= MOST_DISCS && (points.sizes || usual >= DISC_FROM)) drawDiscs(points, view, pixels);
  else drawSquares(points, view, usual, pixels);
}

function drawSquares(points: RasterPoints, view: RasterView, usual: number, pixels: Uint32Array): void {
  const { x, y, colours, order, sizes } = points;
  const { width, height, scale } = view;
  const count = order ? order.length : x.length;
  const [right, down] = [-view.left * scale + 0.5, view.top * scale + 0.5];
  let size = usual;
  for (let turn = 0; turn < count; turn++) {
    const point = order ? order[turn]! : turn;
    if (sizes) size = clampSize(view.pointSize * sizes[point]!);
    const across = x[point]! * scale + right - size / 2;
    const below = down - y[point]! * scale - size / 2;
    // Said this way round, a place that is not a number is skipped as well.
    if (!(across >= 1 - size && across < width && below >= 1 - size && below < height)) continue;
    // Moved up and back again: cutting a number off rounds towards zero, and costs a third of Math.floor.
    const column = ((across + WIDEST) | 0) - WIDEST;
    const row = ((below + WIDEST) | 0) - WIDEST;
    const colour = colours[point]!;
    if (size === 1) {
      pixels[row * width + column] = colour;
      continue;
    }
    const fromX = column < 0 ? 0 : column;
    const toX = column + size > width ? width : column + size;
    const toY = row + size > height ? height : row + size;
    for (let line = row < 0 ? 0 : row; line < toY; line++) {
      const end = line * width + toX;
      for (let at = line * width + fromX; at < end; at++) pixels[at] = colour;
    }
  }
}

function drawDiscs(points: RasterPoints, view: RasterView, pixels: Uint32Array): void {
  const { x, y, colours, order, sizes } = points;
  const { width, height, left, top, scale } = view;
  const discs = new Map<number, Uint8Array>();
  const count = order ? order.length : x.length;
  for (let turn = 0; turn < count; turn++) {
    const point = order ? order[turn]! : turn;
    const size = clampSize(view.pointSize * (sizes ? sizes[point]! : 1));
    const across = (x[point]! - left) * scale - size / 2;
    const below = (top - y[point]!) * scale - size / 2;
    if (!(across > -size && across < width && below > -size && below < height)) continue;
    const disc = discs.get(size) ?? buildDisc(size);
    discs.set(size, disc);
    stamp(disc, size, Math.floor(across + 0.5), Math.floor(below + 0.5), colours[point]!, width, height, pixels);
  }
}

/** A whole number of pixels. */
function clampSize(size: number): number {
  return size >= 1 ? Math.min(WIDEST, Math.round(size)) : 1;
}

/** How much of each pixel of a square a disc covers, 0..255. */
function buildDisc(size: number): Uint8Array {
  const disc = new Uint8Array(size * size);
  const centre = (size - 1) / 2;
  for (let at = 0; at < disc.length; at++) {
    const away = Math.hypot((at % size) - centre, Math.floor(at / size) - centre);
    disc[at] = Math.max(0, Math.min(1, size / 2 - away + 0.5)) * 255;
  }
  return disc;
}

function stamp(
  disc: Uint8Array,
  size: number,
  column: number,
  row: number,
  colour: number,
  width: number,
  height: number,
  pixels: Uint32Array
): void {
  const alpha = colour >>> 24;
  for (let down = Math.max(0, -row); down < size && row + down < height; down++) {
    for (let across = Math.max(0, -column); across < size && column + across < width; across++) {
      const cover = disc[down * size + across]!;
      if (cover === 0) continue;
      const at = (row + down) * width + column + across;
      pixels[at] = mix(pixels[at]!, colour, (alpha * cover) / 65_025);
    }
  }
}

/** A colour laid over another, both with their opacity in the upper byte. */
function mix(under: number, over: number, opacity: number): number {
  const ground = (under >>> 24) / 255;
  const whole = opacity + ground * (1 - opacity);
  if (whole <= 0) return 0;
  const share = opacity / whole;
  const channel = (shift: number) => {
    const below = (under >>> shift) & 255;
    return Math.round(below + (((over >>> shift) & 255) - below) * share) << shift;
  };
  return ((Math.round(whole * 255) << 24) | channel(16) | channel(8) | channel(0)) >>> 0;
}
