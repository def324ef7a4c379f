import { symmetricEigen } from "../math/eigen.ts";
import { orthonormalise } from "../math/orthonormal.ts";
import { seededNormal } from "../math/random.ts";
import { addRows, multiply, type SparseMatrix, transpose } from "./sparse-matrix.ts";

/** The strongest directions of a matrix. */
export interface TruncatedSvd {
  readonly rank: number;
  /** rows x rank, orthonormal columns. */
  readonly left: Float64Array;
  /** Singular values, largest first; 0 beyond the matrix's own rank. */
  readonly values: Float64Array;
}

/**
 * The left singular vectors of a sparse matrix, by a random start and block power iteration.
 *
 * @param rank    directions wanted; cut to what the matrix can have
 * @param rounds  power iterations; one settles text matrices, more sharpen slow spectra
 * @see Halko, Martinsson, Tropp 2011, doi:10.1137/090771806, algorithms 4.4 and 5.1
 */
export function buildTruncatedSvd(matrix: SparseMatrix, rank: number, seed: number, rounds = 1): TruncatedSvd {
  const { rows, columns } = matrix;
  const wanted = Math.min(rank, rows, columns);
  const width = Math.min(wanted + 8, rows, columns);
  const normal = seededNormal(seed);
  const backward = transpose(matrix);
  let block = multiply(matrix, Float32Array.from({ length: columns * width }, normal), width);
  orthonormalise(block, rows, width);
  for (let round = 0; round < rounds; round++) {
    block = multiply(matrix, multiply(backward, block, width), width);
    orthonormalise(block, rows, width);
  }
  const { values, vectors } = symmetricEigen(gram(multiply(backward, block, width), columns, width), width);
  const turn = new Float64Array(width * wanted);
  for (let p = 0; p < width; p++) for (let c = 0; c < wanted; c++) turn[p * wanted + c] = vectors[c * width + p]!;
  return {
    rank: wanted,
    left: turnRows(block, rows, width, turn, wanted),
    values: values.slice(0, wanted).map((value) => Math.sqrt(Math.max(0, value)))
  };
}

/** Transposed matrix times itself. */
function gram(dense: Float32Array, rows: number, width: number): Float64Array {
  const out = new Float64Array(width * width);
  const whole = rows - (rows % 4);
  for (let row = 0; row < rows; row += row < whole ? 4 : 1) {
    const four = row < whole;
    const [r0, r1, r2, r3] = four ? [0, 1, 2, 3].map((step) => (row + step) * width) : [row * width, 0, 0, 0];
    for (let p = 0; p < width; p++) {
      const sum = out.subarray(p * width, p * width + width);
      if (four)
        addRows(
          sum,
          dense,
          p + 1,
          r0!,
          r1!,
          r2!,
          r3!,
          dense[r0! + p]!,
          dense[r1! + p]!,
          dense[r2! + p]!,
          dense[r3! + p]!
        );
      else for (let q = 0; q <= p; q++) sum[q] = sum[q]! + dense[r0! + p]! * dense[r0! + q]!;
    }
  }
  for (let p = 0; p < width; p++) for (let q = 0; q < p; q++) out[q * width + p] = out[p * width + q]!;
  return out;
}

/** Dense (rows x width) times small (width x wanted). */
function turnRows(dense: Float32Array, rows: number, width: number, small: Float64Array, wanted: number): Float64Array {
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
