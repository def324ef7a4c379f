import { seededRandom } from "../math/random.ts";
import type { SparseMatrix } from "./sparse-matrix.ts";

/** Signs per row of the random matrix; eight are as good as a dense one. */
const SIGNS = 8;

/**
 * A matrix times a random one whose rows hold eight signs each: a sample of its range.
 *
 * @returns rows x width, row after row
 * @see sparse sign matrices: Martinsson and Tropp 2020, doi:10.1017/S0962492920000021, 9.2
 */
export function sketchRows(matrix: SparseMatrix, width: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  const each = Math.min(SIGNS, width);
  const place = new Int32Array(matrix.columns * each);
  const sign = new Float32Array(matrix.columns * each);
  for (let column = 0; column < matrix.columns; column++) {
    for (let at = column * each; at < (column + 1) * each; at++) {
      // Places of a row differ, so that no two signs cancel.
      do place[at] = Math.floor(random() * width);
      while (place.subarray(column * each, at).includes(place[at]!));
      sign[at] = random() < 0.5 ? -1 : 1;
    }
  }
  const out = new Float32Array(matrix.rows * width);
  for (let row = 0; row < matrix.rows; row++) {
    for (let entry = matrix.start[row]!; entry < matrix.start[row + 1]!; entry++) {
      const from = matrix.column[entry]! * each;
      for (let at = from; at < from + each; at++) out[row * width + place[at]!]! += sign[at]! * matrix.value[entry]!;
    }
  }
  return out;
}
