/** Rows of one Arrow batch: enough to keep batches few, little enough to keep the loop free. */
export const batchRows = 16_384;

/** Rows a column has room for at first: those of one chunk of the engine. */
export const firstRows = 2048;

/** Which rows of an engine's vector hold a value: one bit per row, 64 to a word; `data` is null when all do. */
export interface Validity {
  readonly data: BigUint64Array | null;
  readonly offset: number;
}

/** The bits of a vector as bytes; null when every row holds a value. */
export function validityBytes({ data }: Validity): Uint8Array | null {
  return data ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : null;
}

/** A validity bitmap in Arrow's form: one bit per row, 1 for a value. */
export class Nulls {
  #bits = new Uint8Array(firstRows / 8);
  #length = 0;
  #nullCount = 0;

  /** Takes the rows from `from` up to, not with, `to`. */
  append(validity: Validity, from: number, to: number): void {
    const bytes = validityBytes(validity);
    const start = this.#length;
    this.#reserve(to - from);
    if (!bytes) {
      fillBits(this.#bits, start, to - from);
      return;
    }
    for (let row = from; row < to; row += 1) this.#put(start + row - from, isValid(bytes, row + validity.offset));
  }

  /** Takes one row. */
  push(valid: boolean): void {
    this.#reserve(1);
    this.#put(this.#length - 1, valid);
  }

  /** The rows so far; what it returns is written over by the next row. */
  finish(): { readonly nullBitmap: Uint8Array | null; readonly nullCount: number } {
    const nullCount = this.#nullCount;
    this.#length = 0;
    this.#nullCount = 0;
    return { nullBitmap: nullCount === 0 ? null : this.#bits, nullCount };
  }

  #reserve(rows: number): void {
    if (this.#length === 0) this.#bits.fill(0);
    this.#length += rows;
    this.#bits = withRoom(this.#bits, Math.ceil(this.#length / 8));
  }

  #put(at: number, valid: boolean): void {
    if (valid) this.#bits[at >> 3]! |= 1 << (at & 7);
    else this.#nullCount += 1;
  }
}

/** @param bytes  see `validityBytes` */
export const isValid = (bytes: Uint8Array, row: number): boolean => ((bytes[row >> 3]! >> (row & 7)) & 1) === 1;

/** The array itself, or one at least twice as long with the same beginning. @param length  items it must hold */
export function withRoom<T extends Uint8Array | Int32Array | Float64Array>(array: T, length: number): T {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(Math.max(array.length * 2, length));
  larger.set(array);
  return larger;
}

function fillBits(bits: Uint8Array, start: number, count: number): void {
  const end = start + count;
  let row = start;
  for (; row < end && row % 8 !== 0; row += 1) bits[row >> 3]! |= 1 << (row & 7);
  const whole = Math.max(0, (end - row) >> 3);
  bits.fill(255, row >> 3, (row >> 3) + whole);
  for (row += whole * 8; row < end; row += 1) bits[row >> 3]! |= 1 << (row & 7);
}
