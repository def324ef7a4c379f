/** A sparse matrix in compressed rows. */
export interface SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  /** rows + 1 offsets into `column` and `value`. */
  readonly start: Int32Array;
  readonly column: Int32Array;
  readonly value: Float32Array;
}

/** Matrix times dense (columns x width), giving rows x width. */
export function multiply(matrix: SparseMatrix, dense: Float32Array, width: number): Float32Array {
  const { rows, start, column, value } = matrix;
  const out = new Float32Array(rows * width);
  const sum = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    sum.fill(0);
    const end = start[row + 1]!;
    let at = start[row]!;
    // Four entries a turn: the running sums are read and written a quarter as often.
    for (; at + 3 < end; at += 4) {
      const [f0, f1, f2, f3] = [column[at]!, column[at + 1]!, column[at + 2]!, column[at + 3]!];
      const [w0, w1, w2, w3] = [value[at]!, value[at + 1]!, value[at + 2]!, value[at + 3]!];
      addRows(sum, dense, width, f0 * width, f1 * width, f2 * width, f3 * width, w0, w1, w2, w3);
    }
    for (; at < end; at++) {
      const from = column[at]! * width;
      const weight = value[at]!;
      for (let c = 0; c < width; c++) sum[c] = sum[c]! + weight * dense[from + c]!;
    }
    out.set(sum, row * width);
  }
  return out;
}

/** Adds four weighted rows of a dense matrix to `sum`; the rows begin at f0 to f3. */
export function addRows(
  sum: Float64Array,
  dense: Float32Array,
  width: number,
  f0: number,
  f1: number,
  f2: number,
  f3: number,
  w0: number,
  w1: number,
  w2: number,
  w3: number
): void {
  for (let c = 0; c < width; c++) {
    sum[c] = sum[c]! + (w0 * dense[f0 + c]! + w1 * dense[f1 + c]!) + (w2 * dense[f2 + c]! + w3 * dense[f3 + c]!);
  }
}

/** Rows become columns. */
export function transpose(matrix: SparseMatrix): SparseMatrix {
  const { rows, columns } = matrix;
  const start = new Int32Array(columns + 1);
  for (const column of matrix.column) start[column + 1]!++;
  for (let column = 0; column < columns; column++) start[column + 1]! += start[column]!;
  const fill = start.slice(0, columns);
  const column = new Int32Array(matrix.column.length);
  const value = new Float32Array(matrix.column.length);
  for (let row = 0; row < rows; row++) {
    for (let at = matrix.start[row]!; at < matrix.start[row + 1]!; at++) {
      const slot = fill[matrix.column[at]!]!++;
      column[slot] = row;
      value[slot] = matrix.value[at]!;
    }
  }
  return { rows: columns, columns: rows, start, column, value };
}

/** Makes a matrix from rows given one after another. */
export class SparseBuilder {
  private column: Int32Array = new Int32Array(1024);
  private value: Float32Array = new Float32Array(1024);
  private readonly start: number[] = [0];
  private size = 0;

  add(column: number, value: number): void {
    if (this.size === this.column.length) {
      const [columns, values] = [new Int32Array(this.size * 2), new Float32Array(this.size * 2)];
      columns.set(this.column);
      values.set(this.value);
      [this.column, this.value] = [columns, values];
    }
    this.column[this.size] = column;
    this.value[this.size++] = value;
  }

  /** Ends a row; scaled to `length` unless it is all zero. */
  endRow(length: number | null): void {
    const from = this.start.at(-1)!;
    if (length !== null) {
      let sum = 0;
      for (let at = from; at < this.size; at++) sum += this.value[at]! ** 2;
      const scale = sum > 0 ? length / Math.sqrt(sum) : 0;
      for (let at = from; at < this.size; at++) this.value[at]! *= scale;
    }
    this.start.push(this.size);
  }

  finish(columns: number): SparseMatrix {
    return {
      rows: this.start.length - 1,
      columns,
      start: Int32Array.from(this.start),
      column: this.column.slice(0, this.size),
      value: this.value.slice(0, this.size)
    };
  }
}
