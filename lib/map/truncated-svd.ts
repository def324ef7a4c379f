import { symmetricEigen } from "../math/eigen.ts";
import { orthonormalise } from "../math/orthonormal.ts";
import { factorLower, solveLower, solveUpper } from "./lower-factor.ts";
import { addRows, multiply, type SparseMatrix, transpose } from "./sparse-matrix.ts";
import { sketchRows } from "./sparse-sketch.ts";

/** The strongest directions of a matrix. */
export interface TruncatedSvd {
  readonly rank: number;
  /** rows x rank, orthonormal columns. */
  readonly left: Float64Array;
  /** Singular values, largest first; 0 beyond the matrix's own rank. */
  readonly values: Float64Array;
  /** columns x width and width x rank: a row of the matrix times both is its row of `left`, see `rowBasis`. */
  readonly across: Float32Array;
  readonly turn: Float32Array;
}

/**
 * The left singular vectors of a sparse matrix: a sketch of its range, then the Nyström approximation of the
 * matrix times its transpose on that range. Two passes over the matrix, as sharp as one power iteration.
 *
 * @param rank  directions wanted; cut to what the matrix can have
 * @see Tropp, Yurtsever, Udell, Cevher 2017, arXiv:1706.05736, algorithm 3
 */
export function buildTruncatedSvd(matrix: SparseMatrix, rank: number, seed: number): TruncatedSvd {
  const { rows, columns } = matrix;
  const wanted = Math.min(rank, rows, columns);
  const width = Math.min(wanted + 8, rows, columns);
  const range = sketchRows(matrix, width, seed);
  orthonormalise(range, rows, width);
  const across = multiply(transpose(matrix), range, width);
  const core = gram(across, columns, width);
  const image = multiply(matrix, across, width);
  // The shift lifts what rounding of 32-bit numbers may push below zero, and is taken off at the end.
  let shift = 0;
  for (let c = 0; c < width; c++) shift += 1e-7 * core[c * width + c]!;
  for (let at = 0; at < image.length; at++) image[at] = image[at]! + shift * range[at]!;
  for (let c = 0; c < width; c++) core[c * width + c]! += shift;
  const lower = factorLower(core, width);
  const inner = gram(image, rows, width);
  const half = solveLower(lower, inner, width);
  const { values, vectors } = symmetricEigen(solveLower(lower, flip(half, width), width), width);
  const turn = new Float64Array(width * wanted);
  for (let c = 0; c < wanted; c++) {
    const scale = values[c]! > 1e-12 * values[0]! ? 1 / Math.sqrt(values[c]!) : 0;
    for (let p = 0; p < width; p++) turn[p * wanted + c] = vectors[c * width + p]! * scale;
  }
  const last = Float32Array.from(solveUpper(lower, turn, width, wanted));
  return {
    rank: wanted,
    left: turnRows(image, rows, width, last, wanted),
    values: values.slice(0, wanted).map((value) => Math.sqrt(Math.max(0, value - shift))),
    across,
    turn: last
  };
}

/**
 * What turns a row of the matrix, or a later row of the same columns, into coordinates: the row times this is its
 * row of `left` times `values`.
 *
 * @returns columns x rank
 */
export function rowBasis({ across, turn, rank, values }: TruncatedSvd): Float32Array {
  if (rank === 0) return new Float32Array(0);
  const width = turn.length / rank;
  const scaled = turn.map((value, at) => value * values[at % rank]!);
  return Float32Array.from(turnRows(across, across.length / width, width, scaled, rank));
}

/** Transposed matrix times itself. */
function gram(dense: Float32Array, rows: number, width: number): Float64Array {
  const out = new Float64Array(width * width);
  const whole = rows - (rows % 4);
  // Four rows a turn: the running sums are read and written a quarter as often.
  for (let row = 0; row < whole; row += 4) {
    const r0 = row * width;
    const [r1, r2, r3] = [r0 + width, r0 + 2 * width, r0 + 3 * width];
    for (let p = 0; p < width; p++) {
      const [w0, w1, w2, w3] = [dense[r0 + p]!, dense[r1 + p]!, dense[r2 + p]!, dense[r3 + p]!];
      const to = p * width;
      for (let q = 0; q <= p; q++) {
        out[to + q] =
          out[to + q]! + (w0 * dense[r0 + q]! + w1 * dense[r1 + q]!) + (w2 * dense[r2 + q]! + w3 * dense[r3 + q]!);
      }
    }
  }
  for (let row = whole * width; row < rows * width; row += width) {
    for (let p = 0; p < width; p++)
      for (let q = 0; q <= p; q++) out[p * width + q]! += dense[row + p]! * dense[row + q]!;
  }
  for (let p = 0; p < width; p++) for (let q = 0; q < p; q++) out[q * width + p] = out[p * width + q]!;
  return out;
}

/** Dense (rows x width) times small (width x wanted). */
function turnRows(dense: Float32Array, rows: number, width: number, small: Float32Array, wanted: number): Float64Array {
  const out = new Float64Array(rows * wanted);
  for (let row = 0; row < rows; row++) {
    const sum = out.subarray(row * wanted, row * wanted + wanted);
    const from = row * width;
    let p = 0;
    for (; p + 3 < width; p += 4) {
      const at = p * wanted;
      addRows(
        sum,
        small,
        wanted,
        at,
        at + wanted,
        at + 2 * wanted,
        at + 3 * wanted,
        dense[from + p]!,
        dense[from + p + 1]!,
        dense[from + p + 2]!,
        dense[from + p + 3]!
      );
    }
    for (; p < width; p++)
      for (let c = 0; c < wanted; c++) sum[c] = sum[c]! + dense[from + p]! * small[p * wanted + c]!;
  }
  return out;
}

function flip(square: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let p = 0; p < size; p++) for (let q = 0; q < size; q++) out[q * size + p] = square[p * size + q]!;
  return out;
}
