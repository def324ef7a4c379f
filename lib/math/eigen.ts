/** Eigenvalues of a symmetric matrix, largest first, and their vectors as rows of `vectors`. */
export interface Eigen {
  readonly values: Float64Array;
  /** size x size; row i belongs to values[i] and has length one, its largest entry positive. */
  readonly vectors: Float64Array;
}

/**
 * All eigenvalues and vectors of a symmetric matrix.
 *
 * @param matrix  size x size, row after row; overwritten
 * @see cyclic Jacobi rotations, Golub and Van Loan, Matrix Computations, 8.5
 */
export function symmetricEigen(matrix: Float64Array, size: number): Eigen {
  const turned = new Float64Array(size * size);
  for (let i = 0; i < size; i++) turned[i * size + i] = 1;
  let total = 0;
  for (const value of matrix) total += value * value;
  for (let sweep = 0; sweep < 30; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) off += matrix[p * size + q]! ** 2;
    if (off <= 1e-20 * total) break;
    const small = Math.sqrt(off / (size * size)) * 1e-4;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++)
        if (Math.abs(matrix[p * size + q]!) > small) rotate(matrix, turned, size, p, q);
    }
  }
  const order = Array.from({ length: size }, (_, i) => i).sort(
    (a, b) => matrix[b * size + b]! - matrix[a * size + a]! || a - b
  );
  const values = Float64Array.from(order, (i) => matrix[i * size + i]!);
  const vectors = new Float64Array(size * size);
  order.forEach((from, to) => {
    const row = turned.subarray(from * size, from * size + size);
    let peak = 0;
    for (const value of row) if (Math.abs(value) > Math.abs(peak)) peak = value;
    for (let i = 0; i < size; i++) vectors[to * size + i] = peak < 0 ? -row[i]! : row[i]!;
  });
  return { values, vectors };
}

function rotate(matrix: Float64Array, turned: Float64Array, size: number, p: number, q: number): void {
  const apq = matrix[p * size + q]!;
  const theta = (matrix[q * size + q]! - matrix[p * size + p]!) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  const [pp, qq] = [matrix[p * size + p]!, matrix[q * size + q]!];
  for (let i = 0; i < size; i++) {
    const ip = matrix[p * size + i]!;
    const iq = matrix[q * size + i]!;
    const up = c * ip - s * iq;
    const down = s * ip + c * iq;
    matrix[p * size + i] = up;
    matrix[i * size + p] = up;
    matrix[q * size + i] = down;
    matrix[i * size + q] = down;
    const vp = turned[p * size + i]!;
    const vq = turned[q * size + i]!;
    turned[p * size + i] = c * vp - s * vq;
    turned[q * size + i] = s * vp + c * vq;
  }
  matrix[p * size + p] = pp - t * apq;
  matrix[q * size + q] = qq + t * apq;
  matrix[p * size + q] = 0;
  matrix[q * size + p] = 0;
}
