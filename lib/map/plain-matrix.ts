import type { MatrixKernels } from "./kernels.ts";

/** Products of matrices in plain TypeScript: what wasm/matrix.ts does, in the same numbers. */
export const plainMatrix: MatrixKernels = {
  multiplySparse({ rows, start, column, value }, dense, width) {
    const out = new Float32Array(rows * width);
    for (let row = 0; row < rows; row++) {
      const sum = out.subarray(row * width, row * width + width);
      for (let at = start[row]!; at < start[row + 1]!; at++) addRow(sum, value[at]!, dense, column[at]! * width);
    }
    return out;
  },

  multiplyDense(left, inner, dense, width) {
    const rows = inner === 0 ? 0 : left.length / inner;
    const out = new Float32Array(rows * width);
    for (let row = 0; row < rows; row++) {
      const sum = out.subarray(row * width, row * width + width);
      for (let p = 0; p < inner; p++) addRow(sum, left[row * inner + p]!, dense, p * width);
    }
    return out;
  },

  gram(dense, width) {
    const out = new Float64Array(width * width);
    for (let row = 0; row < dense.length; row += width) {
      for (let p = 0; p < width; p++) {
        const weight = dense[row + p]!;
        for (let q = 0; q <= p; q++) out[p * width + q] = out[p * width + q]! + weight * dense[row + q]!;
      }
    }
    return mirrored(out, width);
  }
};

/** The upper triangle of a square filled from the lower, in place. */
export function mirrored(square: Float64Array, width: number): Float64Array {
  for (let p = 0; p < width; p++) for (let q = 0; q < p; q++) square[q * width + p] = square[p * width + q]!;
  return square;
}

function addRow(sum: Float32Array, weight: number, dense: Float32Array, from: number): void {
  for (let c = 0; c < sum.length; c++) sum[c] = sum[c]! + Math.fround(weight * dense[from + c]!);
}
