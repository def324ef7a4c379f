import { symmetricEigen } from "../math/eigen.ts";
import { orthonormalise } from "../math/orthonormal.ts";
import { seededNormal } from "../math/random.ts";
import { multiply, multiplyTransposed, type SparseMatrix } from "./sparse-matrix.ts";

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
  const start = Float64Array.from({ length: columns * width }, normal);
  let block = multiply(matrix, start, width);
  orthonormalise(block, rows, width);
  for (let round = 0; round < rounds; round++) {
    const back = multiplyTransposed(matrix, block, width);
    block = multiply(matrix, back, width);
    orthonormalise(block, rows, width);
  }
  const turned = multiplyTransposed(matrix, block, width);
  const small = new Float64Array(width * width);
  for (let row = 0; row < columns; row++) {
    const from = row * width;
    for (let p = 0; p < width; p++) {
      const value = turned[from + p]!;
      if (value === 0) continue;
      for (let q = p; q < width; q++) small[p * width + q] = small[p * width + q]! + value * turned[from + q]!;
    }
  }
  for (let p = 0; p < width; p++) for (let q = 0; q < p; q++) small[p * width + q] = small[q * width + p]!;
  const { values, vectors } = symmetricEigen(small, width);
  const left = new Float64Array(rows * wanted);
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < wanted; c++) {
      let sum = 0;
      for (let p = 0; p < width; p++) sum += block[row * width + p]! * vectors[c * width + p]!;
      left[row * wanted + c] = sum;
    }
  }
  return { rank: wanted, left, values: values.slice(0, wanted).map((value) => Math.sqrt(Math.max(0, value))) };
}
