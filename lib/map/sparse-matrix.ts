/** A sparse matrix in compressed rows. */
export interface SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  /** rows + 1 offsets into `column` and `value`. */
  readonly start: Int32Array;
  readonly column: Int32Array;
  readonly value: Float32Array;
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
