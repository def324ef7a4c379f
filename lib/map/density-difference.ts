/** A part of the map in equal cells. */
export interface DensityGrid {
  readonly columns: number;
  readonly rows: number;
  /** Map coordinates of the corner of the first cell; rows go upward. */
  readonly left: number;
  readonly low: number;
  /** Side of a cell, above 0. */
  readonly cell: number;
}

/** Two populations against each other; arrays are rows x columns, row after row. */
export interface DensityDifference {
  /** Share of the first population in each cell less that of the second, smoothed; sums to 0 where nothing is cut off. */
  readonly difference: Float32Array;
  /** Largest absolute difference of a cell, for a colour scale. */
  readonly most: number;
}

/** Smoothing reaches this many standard deviations. */
const REACH = 3;

/** Squares over a box of the map and what lies around it, so many along its longer side. */
export function coverBox(
  { left, right, low, high }: { readonly [edge in "left" | "right" | "low" | "high"]: number },
  along: number
): DensityGrid {
  const extent = Math.max(right - left, high - low);
  // One place alone is covered, too.
  const cell = (extent > 0 ? extent : 1) / (0.9 * along);
  const size = (from: number, to: number) => Math.max(1, Math.ceil((to - from) / cell + 0.1 * along));
  const [columns, rows] = [size(left, right), size(low, high)];
  return {
    ...{ columns, rows, cell },
    left: (left + right - columns * cell) / 2,
    low: (low + high - rows * cell) / 2
  };
}

/**
 * Where two populations differ in density: each is counted into cells as shares of its own traces, the
 * difference smoothed by a bell curve. A population without traces counts as nothing anywhere.
 *
 * @param x  @param y   one per trace; places off the grid or not finite do not show but count in the shares
 * @param side          0 for the first population, 1 for the second; any other number is in neither
 * @param bandwidth     standard deviation of the curve in cells, 0 for none
 * @see kernel density estimates on a grid: Wand and Jones 1995, Kernel Smoothing, D.2
 */
export function differDensity(
  x: Float32Array,
  y: Float32Array,
  side: Uint8Array | Int32Array,
  { columns, rows, left, low, cell }: DensityGrid,
  bandwidth: number
): DensityDifference {
  let [first, second] = [0, 0];
  for (let trace = 0; trace < side.length; trace++) {
    if (side[trace] === 0) first++;
    else if (side[trace] === 1) second++;
  }
  const totals = [first, second];
  const weight = totals.map((total, of) => (total > 0 ? (of === 0 ? 1 : -1) / total : 0));
  const grid = new Float64Array(columns * rows);
  const [ofFirst, ofSecond] = [weight[0]!, weight[1]!];
  const perUnit = 1 / cell;
  for (let trace = 0; trace < side.length; trace++) {
    const of = side[trace]!;
    if (of !== 0 && of !== 1) continue;
    const across = (x[trace]! - left) * perUnit;
    const up = (y[trace]! - low) * perUnit;
    // Said this way round, a place that is not a number is left out as well.
    if (!(across >= 0 && across < columns && up >= 0 && up < rows)) continue;
    grid[(up | 0) * columns + (across | 0)]! += of === 0 ? ofFirst : ofSecond;
  }
  const across = smooth(grid, rows, columns, columns, 1, bandwidth);
  const difference = Float32Array.from(smooth(across, columns, rows, 1, columns, bandwidth));
  return { difference, most: difference.reduce((most, value) => Math.max(most, Math.abs(value)), 0) };
}

/** One direction: `lines` lines of `length` cells, `jump` apart, their cells `step` apart. */
function smooth(
  grid: Float64Array,
  lines: number,
  length: number,
  jump: number,
  step: number,
  bandwidth: number
): Float64Array {
  if (!(bandwidth > 0)) return grid;
  const reach = Math.ceil(REACH * bandwidth);
  const curve = Float64Array.from({ length: 2 * reach + 1 }, (_, at) =>
    Math.exp(-(((at - reach) / bandwidth) ** 2) / 2)
  );
  const sum = curve.reduce((all, value) => all + value, 0);
  const out = new Float64Array(grid.length);
  for (let line = 0; line < lines; line++) {
    for (let at = 0; at < length; at++) {
      const value = grid[line * jump + at * step]!;
      if (value === 0) continue;
      const from = Math.max(0, at - reach);
      const to = Math.min(length - 1, at + reach);
      for (let other = from; other <= to; other++) {
        out[line * jump + other * step]! += (value * curve[other - at + reach]!) / sum;
      }
    }
  }
  return out;
}
