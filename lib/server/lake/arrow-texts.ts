import duckdb from "@duckdb/node-bindings";
import { firstRows, isValid, type Validity, validityBytes, withRoom } from "./arrow-nulls.ts";

/** Texts up to this many bytes lie in the entry itself, longer ones where the entry points. */
const inlineBytes = 12;

/** 32-bit words of an entry: length, then either the text or its first four bytes and its address. */
const entryWords = 4;

/**
 * Two texts less than a page apart have no unmapped page between them, so one read may span both. A text of a
 * page or more is read alone: what lies between two such is seldom wanted.
 */
const pageBytes = 4096;

/** Longest run read at once, beyond its first text. */
const runBytes = 2 ** 20;

/** Below this length a loop is quicker than the two objects that a block copy costs. */
const loopBytes = 64;

/** Texts that the engine keeps side by side, read at once. */
interface TextRun {
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

const emptyRun: TextRun = { address: 0, bytes: new Uint8Array(0), view: new DataView(new ArrayBuffer(0)) };

/** The texts of one chunk's column, as the engine's entries of 16 bytes. */
export class TextVector {
  readonly #view: DataView;
  readonly #words: Uint32Array;
  readonly #valid: Uint8Array | null;
  readonly #offset: number;

  constructor(view: DataView, validity: Validity) {
    this.#view = view;
    this.#words = new Uint32Array(view.buffer, view.byteOffset, view.byteLength / 4);
    this.#valid = validityBytes(validity);
    this.#offset = validity.offset;
  }

  isNull(row: number): boolean {
    return this.#valid !== null && !isValid(this.#valid, row + this.#offset);
  }

  /** Bytes of a text that is there. */
  length(row: number): number {
    return this.#words[row * entryWords]!;
  }

  /** Four bytes of a text that lies in its entry, as a little-endian number. @param at  0, 1 or 2 */
  inlineWord(row: number, at: number): number {
    return this.#words[row * entryWords + 1 + at]!;
  }

  /** Where the bytes of a long text lie; user addresses stay below 2^48 and fit a number. */
  address(row: number): number {
    return this.#words[row * entryWords + 3]! * 2 ** 32 + this.#words[row * entryWords + 2]!;
  }

  isLong(row: number): boolean {
    return !this.isNull(row) && this.length(row) > inlineBytes;
  }

  /** Bytes of the texts of some rows together. */
  countBytes(from: number, to: number): number {
    let bytes = 0;
    for (let row = from; row < to; row += 1) if (!this.isNull(row)) bytes += this.length(row);
    return bytes;
  }

  /**
   * Reads the bytes from a row's text up to `end`, and with them the texts of the rows below that follow closely.
   *
   * @param next  the first row that is not within them
   */
  readRun(row: number, end: number, next: number, rows: number): TextRun {
    const address = this.address(row);
    let last = end;
    for (let below = next; this.length(row) < pageBytes && below < rows; below += 1) {
      if (!this.isLong(below)) continue;
      const length = this.length(below);
      const start = this.address(below);
      if (length >= pageBytes || start < address || start >= last + pageBytes) break;
      if (start + length - address > runBytes) break;
      last = Math.max(last, start + length);
    }
    const pointerAt = this.#view.byteOffset + (row * entryWords + 2) * 4;
    const bytes = duckdb.get_data_from_pointer(this.#view.buffer as ArrayBuffer, pointerAt, last - address);
    return { address, bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  }
}

/** Texts as one run of UTF-8 bytes and where each begins. */
export class Texts {
  #bytes = new Uint8Array(firstRows);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;
  #offsets = new Int32Array(firstRows + 1);
  #count = 0;

  /** Bytes of all texts so far. */
  get bytes(): number {
    return this.#used;
  }

  /** Takes the rows from `from` up to, not with, `to`; an absent text is an empty one. */
  append(vector: TextVector, from: number, to: number): void {
    // Short texts are written as whole words, so up to 12 bytes beyond the last one are touched.
    this.#reserve(vector.countBytes(from, to) + inlineBytes, to - from);
    let run = emptyRun;
    let row = from;
    while (row < to) {
      if (vector.isNull(row)) {
        this.#end(0);
        row += 1;
        continue;
      }
      const length = vector.length(row);
      if (length <= inlineBytes) {
        for (let at = 0; at < 3; at += 1) this.#view.setUint32(this.#used + at * 4, vector.inlineWord(row, at), true);
        this.#end(length);
        row += 1;
        continue;
      }
      const address = vector.address(row);
      const runEnd = run.address + run.bytes.length;
      const known = address >= run.address && address + length <= runEnd;
      const most = known ? runEnd : Math.max(address + length, address + runBytes);
      let end = address;
      const first = row;
      const start = this.#used;
      // Most often texts lie one after another, and all of them are copied as one.
      for (; row < to && vector.isLong(row) && vector.address(row) === end; row += 1) {
        const next = end + vector.length(row);
        if (next > most) break;
        this.#end(next - end);
        end = next;
      }
      if (!known) run = vector.readRun(first, end, row, to);
      this.#copy(run, address - run.address, end - address, start);
    }
  }

  push(bytes: Uint8Array): void {
    this.#reserve(bytes.length, 1);
    this.#bytes.set(bytes, this.#used);
    this.#end(bytes.length);
  }

  /** The texts so far; what it returns is written over by the next text. */
  finish(): { readonly data: Uint8Array; readonly valueOffsets: Int32Array } {
    const finished = {
      data: this.#bytes.subarray(0, this.#used),
      valueOffsets: this.#offsets.subarray(0, this.#count + 1)
    };
    this.#used = 0;
    this.#count = 0;
    return finished;
  }

  #reserve(bytes: number, rows: number): void {
    this.#offsets = withRoom(this.#offsets, this.#count + rows + 1);
    if (this.#used + bytes <= this.#bytes.length) return;
    this.#bytes = withRoom(this.#bytes, this.#used + bytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  #end(length: number): void {
    this.#used += length;
    this.#count += 1;
    this.#offsets[this.#count] = this.#used;
  }

  #copy(source: TextRun, from: number, length: number, to: number): void {
    if (length > loopBytes) {
      this.#bytes.set(source.bytes.subarray(from, from + length), to);
      return;
    }
    let at = 0;
    for (; at + 4 <= length; at += 4) this.#view.setUint32(to + at, source.view.getUint32(from + at, true), true);
    for (; at < length; at += 1) this.#bytes[to + at] = source.bytes[from + at]!;
  }
}
