import { type DuckDBDataChunk, type DuckDBType, DuckDBTypeId, JsonDuckDBValueConverter } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import {
  Bool,
  type DataType,
  DateDay,
  Field,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8
} from "apache-arrow";

/** Rows of one Arrow batch: enough to keep batches few, little enough to keep the loop free. */
const batchRows = 65_536;

type NumberArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** The engine's vectors as they lie in memory; the public classes hide what they hold. */
interface RawVector {
  readonly items?: NumberArray;
  readonly dataView?: DataView;
  readonly validity: { readonly data: BigUint64Array | null; readonly offset: number };
}

const arrowTypes: Partial<Record<DuckDBTypeId, () => DataType>> = {
  [DuckDBTypeId.BOOLEAN]: () => new Bool(),
  [DuckDBTypeId.TINYINT]: () => new Int8(),
  [DuckDBTypeId.SMALLINT]: () => new Int16(),
  [DuckDBTypeId.INTEGER]: () => new Int32(),
  [DuckDBTypeId.BIGINT]: () => new Int64(),
  [DuckDBTypeId.UTINYINT]: () => new Uint8(),
  [DuckDBTypeId.USMALLINT]: () => new Uint16(),
  [DuckDBTypeId.UINTEGER]: () => new Uint32(),
  [DuckDBTypeId.UBIGINT]: () => new Uint64(),
  [DuckDBTypeId.FLOAT]: () => new Float32(),
  [DuckDBTypeId.DOUBLE]: () => new Float64(),
  [DuckDBTypeId.DATE]: () => new DateDay(),
  [DuckDBTypeId.TIMESTAMP]: () => new TimestampMicrosecond(),
  [DuckDBTypeId.TIMESTAMP_S]: () => new TimestampSecond(),
  [DuckDBTypeId.TIMESTAMP_MS]: () => new TimestampMillisecond(),
  [DuckDBTypeId.TIMESTAMP_NS]: () => new TimestampNanosecond(),
  [DuckDBTypeId.TIMESTAMP_TZ]: () => new TimestampMicrosecond("UTC"),
  [DuckDBTypeId.HUGEINT]: () => new Float64(),
  [DuckDBTypeId.UHUGEINT]: () => new Float64(),
  [DuckDBTypeId.DECIMAL]: () => new Float64()
};

/** Numbers that the engine keeps in forms of its own; Arrow gets doubles. */
const converted = new Set<DuckDBTypeId>([DuckDBTypeId.HUGEINT, DuckDBTypeId.UHUGEINT, DuckDBTypeId.DECIMAL]);

/**
 * Builds an Arrow IPC stream from the engine's chunks. Numbers, times and texts are copied as bytes;
 * no JavaScript value is made per cell. Lists, structs and the like arrive as JSON text, numbers wider
 * than 64 bits as doubles.
 */
export class ArrowEncoder {
  readonly #schema: Schema;
  readonly #columns: readonly Column[];
  readonly #batches: RecordBatch[] = [];
  #pending = 0;
  rows = 0;

  constructor(names: readonly string[], types: readonly DuckDBType[]) {
    this.#columns = types.map((type) => openColumn(type));
    this.#schema = new Schema(names.map((name, index) => new Field(name, this.#columns[index]!.type, true)));
  }

  /** @param rows  how many rows of the chunk to take, from its beginning */
  append(chunk: DuckDBDataChunk, rows: number = chunk.rowCount): void {
    for (const [index, column] of this.#columns.entries()) column.append(chunk, index, rows);
    this.#pending += rows;
    this.rows += rows;
    if (this.#pending >= batchRows) this.#flush();
  }

  /** The whole stream; the encoder is spent. */
  finish(): Uint8Array {
    if (this.#pending > 0 || this.#batches.length === 0) this.#flush();
    const writer = new RecordBatchStreamWriter();
    writer.reset(undefined, this.#schema);
    for (const batch of this.#batches) writer.write(batch);
    writer.finish();
    return writer.toUint8Array(true);
  }

  #flush(): void {
    const length = this.#pending;
    const children = this.#columns.map((column) => column.finish(length));
    const data = makeData({ type: new Struct(this.#schema.fields), length, nullCount: 0, children: children as never });
    this.#batches.push(new RecordBatch(this.#schema, data as never));
    this.#pending = 0;
  }
}

interface Column {
  readonly type: DataType;
  append(chunk: DuckDBDataChunk, index: number, rows: number): void;
  finish(length: number): unknown;
}

function openColumn(type: DuckDBType): Column {
  const arrowType = arrowTypes[type.typeId];
  if (type.typeId === DuckDBTypeId.VARCHAR) return new TextColumn();
  if (type.typeId === DuckDBTypeId.BOOLEAN) return new BoolColumn();
  if (arrowType && converted.has(type.typeId)) return new WideNumberColumn();
  if (arrowType) return new NumberColumn(arrowType());
  return new JsonColumn();
}

/** A validity bitmap in Arrow's form: one bit per row, 1 for a value. */
class Nulls {
  #bits = new Uint8Array(batchRows / 8 + 512);
  #length = 0;
  nullCount = 0;

  append(validity: RawVector["validity"] | null, rows: number): void {
    const start = this.#length;
    this.#length += rows;
    if (this.#bits.length * 8 < this.#length + 8) {
      const larger = new Uint8Array(this.#bits.length * 2);
      larger.set(this.#bits);
      this.#bits = larger;
    }
    if (!validity?.data) {
      fillBits(this.#bits, start, rows);
      return;
    }
    const words = new Uint8Array(validity.data.buffer, validity.data.byteOffset, validity.data.byteLength);
    for (let row = 0; row < rows; row += 1) {
      const source = row + validity.offset;
      if ((words[source >> 3]! >> (source & 7)) & 1) this.#bits[(start + row) >> 3]! |= 1 << ((start + row) & 7);
      else this.nullCount += 1;
    }
  }

  set(row: number, valid: boolean): void {
    if (this.#bits.length * 8 <= row + 8) {
      const larger = new Uint8Array(this.#bits.length * 2);
      larger.set(this.#bits);
      this.#bits = larger;
    }
    if (valid) this.#bits[row >> 3]! |= 1 << (row & 7);
    else this.nullCount += 1;
    this.#length = row + 1;
  }

  finish(): { readonly nullBitmap: Uint8Array | null; readonly nullCount: number } {
    const { nullCount } = this;
    const nullBitmap = nullCount === 0 ? null : this.#bits;
    this.#bits = new Uint8Array(batchRows / 8 + 512);
    this.#length = 0;
    this.nullCount = 0;
    return { nullBitmap, nullCount };
  }
}

function fillBits(bits: Uint8Array, start: number, count: number): void {
  let row = start;
  const end = start + count;
  for (; row < end && row % 8 !== 0; row += 1) bits[row >> 3]! |= 1 << (row & 7);
  const whole = (end - row) >> 3;
  bits.fill(255, row >> 3, (row >> 3) + whole);
  for (row += whole * 8; row < end; row += 1) bits[row >> 3]! |= 1 << (row & 7);
}

const rawVector = (chunk: DuckDBDataChunk, index: number): RawVector =>
  chunk.getColumnVector(index) as unknown as RawVector;

class NumberColumn implements Column {
  readonly type: DataType;
  readonly #nulls = new Nulls();
  #parts: NumberArray[] = [];

  constructor(type: DataType) {
    this.type = type;
  }

  append(chunk: DuckDBDataChunk, index: number, rows: number): void {
    const { items, validity } = rawVector(chunk, index);
    // The engine reuses a chunk's memory once it is released, so the values are copied.
    this.#parts.push(items!.slice(0, rows));
    this.#nulls.append(validity, rows);
  }

  finish(length: number): unknown {
    const first = this.#parts[0];
    const data = first ? new (first.constructor as Float64ArrayConstructor)(length) : new Float64Array(0);
    let offset = 0;
    for (const part of this.#parts) {
      data.set(part as Float64Array, offset);
      offset += part.length;
    }
    this.#parts = [];
    return makeData({ type: this.type as Float64, length, data, ...this.#nulls.finish() });
  }
}

class BoolColumn implements Column {
  readonly type = new Bool();
  readonly #nulls = new Nulls();
  #bits: Uint8Array = new Uint8Array(batchRows / 8 + 512);
  #length = 0;

  append(chunk: DuckDBDataChunk, index: number, rows: number): void {
    const { dataView, validity } = rawVector(chunk, index);
    for (let row = 0; row < rows; row += 1) {
      const at = this.#length + row;
      if (dataView!.getUint8(row) !== 0) this.#bits[at >> 3]! |= 1 << (at & 7);
    }
    this.#length += rows;
    this.#nulls.append(validity, rows);
  }

  finish(length: number): unknown {
    const data = this.#bits;
    this.#bits = new Uint8Array(batchRows / 8 + 512);
    this.#length = 0;
    return makeData({ type: this.type, length, data, ...this.#nulls.finish() });
  }
}

/** Texts as one run of UTF-8 bytes and where each begins. */
class Texts {
  #bytes = new Uint8Array(1 << 16);
  #used = 0;
  #offsets = new Int32Array(batchRows + 4096);
  #count = 0;

  reserve(more: number): void {
    if (this.#used + more > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + more));
      larger.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = larger;
    }
    if (this.#count + 2 > this.#offsets.length) {
      const larger = new Int32Array(this.#offsets.length * 2);
      larger.set(this.#offsets);
      this.#offsets = larger;
    }
  }

  push(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
    this.#offsets[++this.#count] = this.#used;
  }

  /** Copies a text that lies within larger bytes. */
  pushPart(source: Uint8Array, start: number, length: number): void {
    this.reserve(length);
    // Below this length a loop is quicker than the two objects that a block copy costs.
    if (length <= 48) {
      for (let index = 0; index < length; index += 1) this.#bytes[this.#used + index] = source[start + index]!;
    } else this.#bytes.set(source.subarray(start, start + length), this.#used);
    this.#used += length;
    this.#offsets[++this.#count] = this.#used;
  }

  finish(): { readonly data: Uint8Array; readonly valueOffsets: Int32Array } {
    const finished = {
      data: this.#bytes.subarray(0, this.#used),
      valueOffsets: this.#offsets.subarray(0, this.#count + 1)
    };
    this.#bytes = new Uint8Array(1 << 16);
    this.#offsets = new Int32Array(batchRows + 4096);
    this.#used = 0;
    this.#count = 0;
    return finished;
  }
}

const emptyBytes = new Uint8Array(0);
const inlineBytes = 12;
const entryBytes = 16;

/** Texts that the engine keeps side by side, read at once. */
interface TextRun {
  readonly address: number;
  readonly bytes: Uint8Array;
}

const emptyRun: TextRun = { address: 0, bytes: emptyBytes };

/** Two texts less than a page apart have no unmapped page between them, so one read may span both. */
const pageBytes = 4096;

/** Longest run read at once, beyond the first text of it. */
const runBytes = 8 * 2 ** 20;

/** Where the bytes of a long text lie; user addresses stay below 2^48 and fit a number. */
function addressAt(view: DataView, row: number): number {
  const at = row * entryBytes + 8;
  return view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
}

/** Reads the text of a row together with those of the rows below it that follow it closely in memory. */
function readRun(view: DataView, row: number, rows: number, isNull: (row: number) => boolean): TextRun {
  const address = addressAt(view, row);
  let end = address + view.getUint32(row * entryBytes, true);
  for (let next = row + 1; next < rows; next += 1) {
    if (isNull(next)) continue;
    const length = view.getUint32(next * entryBytes, true);
    if (length <= inlineBytes) continue;
    const start = addressAt(view, next);
    if (start < address || start >= end + pageBytes || start + length - address > runBytes) break;
    end = Math.max(end, start + length);
  }
  const pointerAt = view.byteOffset + row * entryBytes + 8;
  return { address, bytes: duckdb.get_data_from_pointer(view.buffer as ArrayBuffer, pointerAt, end - address) };
}

class TextColumn implements Column {
  readonly type = new Utf8();
  readonly #nulls = new Nulls();
  readonly #texts = new Texts();

  append(chunk: DuckDBDataChunk, index: number, rows: number): void {
    const { dataView, validity } = rawVector(chunk, index);
    const view = dataView!;
    const entries = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    const words = validity.data
      ? new Uint8Array(validity.data.buffer, validity.data.byteOffset, validity.data.byteLength)
      : null;
    const isNull = (row: number) =>
      words !== null && !((words[(row + validity.offset) >> 3]! >> ((row + validity.offset) & 7)) & 1);
    let run: TextRun = emptyRun;
    for (let row = 0; row < rows; row += 1) {
      if (isNull(row)) {
        this.#texts.push(emptyBytes);
        continue;
      }
      const length = view.getUint32(row * entryBytes, true);
      if (length <= inlineBytes) {
        this.#texts.pushPart(entries, row * entryBytes + 4, length);
        continue;
      }
      const address = addressAt(view, row);
      if (address < run.address || address + length > run.address + run.bytes.length) {
        run = readRun(view, row, rows, isNull);
      }
      this.#texts.pushPart(run.bytes, address - run.address, length);
    }
    this.#nulls.append(validity, rows);
  }

  finish(length: number): unknown {
    return makeData({ type: this.type, length, ...this.#texts.finish(), ...this.#nulls.finish() });
  }
}

class WideNumberColumn implements Column {
  readonly type = new Float64();
  readonly #nulls = new Nulls();
  #values: number[] = [];

  append(chunk: DuckDBDataChunk, index: number, rows: number): void {
    const vector = chunk.getColumnVector(index);
    for (let row = 0; row < rows; row += 1) {
      const value = vector.getItem(row) as bigint | { toDouble(): number } | null;
      this.#nulls.set(this.#values.length, value !== null);
      this.#values.push(value === null ? 0 : typeof value === "bigint" ? Number(value) : value.toDouble());
    }
  }

  finish(length: number): unknown {
    const data = Float64Array.from(this.#values);
    this.#values = [];
    return makeData({ type: this.type, length, data, ...this.#nulls.finish() });
  }
}

class JsonColumn implements Column {
  readonly type = new Utf8();
  readonly #nulls = new Nulls();
  readonly #texts = new Texts();
  readonly #encoder = new TextEncoder();
  #length = 0;

  append(chunk: DuckDBDataChunk, index: number, rows: number): void {
    const values = chunk.convertColumnValues(index, JsonDuckDBValueConverter);
    for (let row = 0; row < rows; row += 1) {
      const value = values[row] ?? null;
      this.#nulls.set(this.#length++, value !== null);
      this.#texts.push(
        value === null ? emptyBytes : this.#encoder.encode(typeof value === "string" ? value : JSON.stringify(value))
      );
    }
  }

  finish(length: number): unknown {
    this.#length = 0;
    return makeData({ type: this.type, length, ...this.#texts.finish(), ...this.#nulls.finish() });
  }
}
