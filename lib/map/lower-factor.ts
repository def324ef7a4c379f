/** What is left of a diagonal entry below this share of it is rounding. */
const LEAST_SHARE = 1e-12;

/**
 * The lower triangle L with L times its transpose equal to a symmetric positive definite matrix.
 *
 * @param matrix  size x size, row after row; only its lower half is read
 * @returns size x size, zero above the diagonal; a column the matrix does not reach is zero
 * @see Cholesky: Golub and Van Loan, Matrix Computations, 4.2
 */
export function factorLower(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row * size + column]!;
      for (let c = 0; c < column; c++) rest -= lower[row * size + c]! * lower[column * size + c]!;
      if (row === column)
        lower[row * size + row] = rest > LEAST_SHARE * matrix[row * size + row]! ? Math.sqrt(rest) : 0;
      else lower[row * size + column] = over(rest, lower[column * size + column]!);
    }
  }
  return lower;
}

/** X with L X = given, which is size x width; a zero on the diagonal gives a zero row. */
export function solveLower(lower: Float64Array, given: Float64Array, size: number, width = size): Float64Array {
  const out = given.slice();
  for (let row = 0; row < size; row++) {
    for (let p = 0; p < row; p++) subtractRow(out, row, p, lower[row * size + p]!, width);
    divideRow(out, row, lower[row * size + row]!, width);
  }
  return out;
}

/** X with the transpose of L times X = given, which is size x width; a zero on the diagonal gives a zero row. */
export function solveUpper(lower: Float64Array, given: Float64Array, size: number, width = size): Float64Array {
  const out = given.slice();
  for (let row = size - 1; row >= 0; row--) {
    for (let p = row + 1; p < size; p++) subtractRow(out, row, p, lower[p * size + row]!, width);
    divideRow(out, row, lower[row * size + row]!, width);
  }
  return out;
}

function subtractRow(out: Float64Array, row: number, from: number, share: number, width: number): void {
  for (let c = 0; c < width; c++) out[row * width + c] = out[row * width + c]! - share * out[from * width + c]!;
}

function divideRow(out: Float64Array, row: number, divisor: number, width: number): void {
  for (let c = 0; c < width; c++) out[row * width + c] = over(out[row * width + c]!, divisor);
}

function over(value: number, divisor: number): number {
  return divisor > 0 ? value / divisor : 0;
}
