import { copyRows, KernelMemory, paddedRow } from "./kernel-memory.ts";
import type { MatrixKernels } from "./kernels.ts";
import { mirrored } from "./plain-matrix.ts";

/**
 * Products of matrices by wasm/matrix.ts. All are made in one memory, which stays as large as the largest needed:
 * fresh pages would cost as much as the sums. Padding may hold what was there before; it reaches padding alone.
 */
export function wasmMatrix(module: WebAssembly.Module): MatrixKernels {
  let held: KernelMemory | undefined;
  const open = () => {
    held ??= new KernelMemory(module);
    return held;
  };
  return {
    multiplySparse({ rows, start, column, value }, dense, width) {
      const memory = open();
      const padded = paddedRow(width);
      const denseRows = width === 0 ? 0 : dense.length / width;
      const at = memory.layOut({
        start: start.byteLength,
        column: column.byteLength,
        value: value.byteLength,
        dense: denseRows * padded * 4,
        out: rows * padded * 4
      });
      memory.integers(at.start, start.length).set(start);
      memory.integers(at.column, column.length).set(column);
      memory.floats(at.value, value.length).set(value);
      copyRows(dense, width, memory.floats(at.dense, denseRows * padded), padded);
      memory.exports.multiplySparse(rows, at.start, at.column, at.value, at.dense, padded * 4, at.out);
      return copyRows(memory.floats(at.out, rows * padded), padded, new Float32Array(rows * width), width);
    },

    multiplyDense(left, inner, dense, width) {
      const memory = open();
      const padded = paddedRow(width);
      const rows = inner === 0 ? 0 : left.length / inner;
      const at = memory.layOut({
        left: left.byteLength,
        counting: inner * 4,
        dense: inner * padded * 4,
        out: rows * padded * 4
      });
      memory.floats(at.left, left.length).set(left);
      const counting = memory.integers(at.counting, inner);
      counting.set(counting.map((_, p) => p));
      copyRows(dense, width, memory.floats(at.dense, inner * padded), padded);
      memory.exports.multiplyDense(rows, at.left, inner * 4, at.counting, at.dense, padded * 4, at.out);
      return copyRows(memory.floats(at.out, rows * padded), padded, new Float32Array(rows * width), width);
    },

    gram(dense, width) {
      const memory = open();
      const padded = paddedRow(width);
      const rows = width === 0 ? 0 : dense.length / width;
      const at = memory.layOut({ dense: rows * padded * 4, out: padded * padded * 8 });
      copyRows(dense, width, memory.floats(at.dense, rows * padded), padded);
      memory.doubles(at.out, padded * padded).fill(0);
      memory.exports.gram(rows, at.dense, padded * 4, at.out);
      const square = copyRows(memory.doubles(at.out, padded * padded), padded, new Float64Array(width * width), width);
      return mirrored(square, width);
    }
  };
}
