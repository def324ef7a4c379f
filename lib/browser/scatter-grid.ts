import { maskPolygon, type PolygonMask } from "#lib/map/polygon-mask.ts";
import type { Corner } from "./scatter-view.ts";

/** Finds points by place without looking at all of them: they lie in the squares of a grid. */
export class ScatterGrid {
  readonly #x: Float32Array;
  readonly #y: Float32Array;
  /** x and y of the points in the order of the squares; made for the first lasso. */
  #places: Float32Array | null = null;
  readonly #starts: Uint32Array;
  readonly #order: Uint32Array;
  readonly #side: number;
  #left = Infinity;
  #low = Infinity;
  #cell = 1;

  /** @param x,y  borrowed, n each; points that are not finite are never found */
  constructor(x: Float32Array, y: Float32Array) {
    this.#x = x;
    this.#y = y;
    const side = Math.max(1, Math.min(512, Math.ceil(Math.sqrt(x.length / 2))));
    this.#side = side;
    let [right, high] = [-Infinity, -Infinity];
    for (let at = 0; at < x.length; at++) {
      const px = x[at] ?? Number.NaN;
      const py = y[at] ?? Number.NaN;
      if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
      this.#left = Math.min(this.#left, px);
      this.#low = Math.min(this.#low, py);
      right = Math.max(right, px);
      high = Math.max(high, py);
    }
    if (!(this.#left < Infinity)) [this.#left, this.#low, right, high] = [0, 0, 0, 0];
    this.#cell = Math.max((right - this.#left) / side, (high - this.#low) / side, 1e-9);
    const counts = new Uint32Array(side * side + 1);
    const cells = new Int32Array(x.length);
    for (let at = 0; at < x.length; at++) {
      const cell = this.#cellOf(x[at] ?? Number.NaN, y[at] ?? Number.NaN);
      cells[at] = cell;
      if (cell >= 0) counts[cell + 1] = (counts[cell + 1] ?? 0) + 1;
    }
    for (let cell = 0; cell < side * side; cell++) counts[cell + 1] = (counts[cell + 1] ?? 0) + (counts[cell] ?? 0);
    this.#starts = counts.slice();
    this.#order = new Uint32Array(counts[side * side] ?? 0);
    for (let at = 0; at < x.length; at++) {
      const cell = cells[at] ?? -1;
      if (cell < 0) continue;
      const place = counts[cell] ?? 0;
      this.#order[place] = at;
      counts[cell] = place + 1;
    }
  }

  /** Points that it was built of. */
  get length(): number {
    return this.#x.length;
  }

  /**
   * Index of the nearest point within a distance, in map units; -1 when there is none.
   *
   * @param shown  1 for points that may be found; null for all
   */
  find(x: number, y: number, within: number, shown: Uint8Array | null = null): number {
    let best = -1;
    let bestSquare = within * within;
    const [first, last] = this.#span(x - this.#left, within);
    const [bottom, top] = this.#span(y - this.#low, within);
    for (let row = bottom; row <= top; row++) {
      for (let column = first; column <= last; column++) {
        const cell = row * this.#side + column;
        for (let place = this.#starts[cell] ?? 0; place < (this.#starts[cell + 1] ?? 0); place++) {
          const at = this.#order[place] ?? 0;
          if (shown && shown[at] === 0) continue;
          const square = ((this.#x[at] ?? 0) - x) ** 2 + ((this.#y[at] ?? 0) - y) ** 2;
          if (square <= bestSquare) {
            best = at;
            bestSquare = square;
          }
        }
      }
    }
    return best;
  }

  /** The points in a lasso, box or polygon. */
  mask(polygon: readonly Corner[]): PolygonMask {
    const squares = { n: this.length, left: this.#left, low: this.#low, cell: this.#cell, side: this.#side };
    this.#places ??= this.#placesInOrder();
    const points = { order: this.#order, places: this.#places, starts: this.#starts };
    return maskPolygon({ ...squares, ...points }, polygon);
  }

  /** Puts the places of the points beside each other, as a lasso reads them; the first one does it where nobody did. */
  sortPlaces(): void {
    this.#places ??= this.#placesInOrder();
  }

  /** A lasso that nobody drew, so that the first one that somebody draws is not the first of the program. */
  rehearse(): void {
    const reach = (this.#side * this.#cell) / 2;
    const [x, y] = [this.#left + reach, this.#low + reach];
    for (const share of [0.9, 0.3, 0.7, 0.5]) {
      const ring = Array.from({ length: 64 }, (_, at): Corner => {
        const turn = (at / 64) * 2 * Math.PI;
        return [x + share * reach * Math.cos(turn), y + share * reach * Math.sin(turn)];
      });
      this.mask(ring);
    }
  }

  #placesInOrder(): Float32Array {
    const places = new Float32Array(2 * this.#order.length);
    for (let place = 0; place < this.#order.length; place++) {
      const at = this.#order[place]!;
      places[2 * place] = this.#x[at]!;
      places[2 * place + 1] = this.#y[at]!;
    }
    return places;
  }

  #span(from: number, within: number): readonly [number, number] {
    const clamp = (value: number) => Math.max(0, Math.min(this.#side - 1, Math.floor(value / this.#cell)));
    return [clamp(from - within), clamp(from + within)];
  }

  #cellOf(x: number, y: number): number {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return -1;
    const clamp = (value: number) => Math.max(0, Math.min(this.#side - 1, Math.floor(value / this.#cell)));
    return clamp(y - this.#low) * this.#side + clamp(x - this.#left);
  }
}
