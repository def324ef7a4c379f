import { symmetricEigen } from "../math/eigen.ts";
import { chooseKernels } from "./choose-kernels.ts";
import type { MatrixKernels } from "./kernels.ts";
import { factorLower, solveLower, solveUpper } from "./lower-factor.ts";
import { type SparseMatrix, transpose } from "./sparse-matrix.ts";
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
export function buildTruncatedSvd(
  matrix: SparseMatrix,
  rank: number,
  seed: number,
  { multiplySparse, multiplyDense, gram }: MatrixKernels = chooseKernels().matrix
): TruncatedSvd {
  const { rows, columns } = matrix;
  const wanted = Math.min(rank, rows, columns);
  const width = Math.min(wanted + 8, rows, columns);
  const sketch = sketchRows(matrix, width, seed);
  const range = multiplyDense(sketch, width, orthonormalTurn(gram(sketch, width), width), width);
  const across = multiplySparse(transpose(matrix), range, width);
  const core = gram(across, width);
  const image = multiplySparse(matrix, across, width);
  // The shift lifts what rounding of 32-bit numbers may push below zero, and is taken off at the end.
  let shift = 0;
  for (let c = 0; c < width; c++) shift += 1e-7 * core[c * width + c]!;
  for (let at = 0; at < image.length; at++) image[at] = image[at]! + shift * range[at]!;
  for (let c = 0; c < width; c++) core[c * width + c]! += shift;
  const lower = factorLower(core, width);
  const inner = gram(image, width);
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
    left: Float64Array.from(multiplyDense(image, width, last, wanted)),
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
  return chooseKernels().matrix.multiplyDense(across, width, scaled, rank);
}

/** What makes the columns of a matrix orthonormal when it is multiplied by it; of dependent ones the later becomes zero. */
function orthonormalTurn(products: Float64Array, width: number): Float32Array {
  const identity = new Float64Array(width * width);
  for (let c = 0; c < width; c++) identity[c * width + c] = 1;
  return Float32Array.from(solveUpper(factorLower(products, width), identity, width));
}

function flip(square: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let p = 0; p < size; p++) for (let q = 0; q < size; q++) out[q * size + p] = square[p * size + q]!;
  return out;
}
