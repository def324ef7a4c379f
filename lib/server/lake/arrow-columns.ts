import { type DuckDBDataChunk, type DuckDBType, DuckDBTypeId, JsonDuckDBValueConverter } from "@duckdb/node-api";
import {
  Bool,
  type DataType,
  DateDay,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  makeData,
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
import { firstRows, Nulls, type Validity, withRoom } from "./arrow-nulls.ts";
import { Texts, TextVector } from "./arrow-texts.ts";

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

/** The engine's vectors as they lie in memory, copied by its binding; the public classes hide what they hold. */
interface RawVector {
  readonly items?: NumberArray;
  readonly dataView?: DataView;
  readonly validity: Validity;
}

const arrowTypes: Partial<Record<DuckDBTypeId, () => DataType>> = {
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
  [DuckDBTypeId.TIMESTAMP_TZ]: () => new TimestampMicrosecond("UTC")
};

/** Numbers that the engine keeps in forms of its own; Arrow gets doubles. */
const converted = new Set<DuckDBTypeId>([DuckDBTypeId.HUGEINT, DuckDBTypeId.UHUGEINT, DuckDBTypeId.DECIMAL]);

/** One column of an Arrow batch that is being built. */
export interface Column {
  readonly type: DataType;
  /** Bytes of the texts it holds; numbers are bounded by the rows of a batch. */
  readonly textBytes: number;
  /** Bytes of the texts of a chunk's rows, as far as it can tell before it takes them. */
  countBytes(chunk: DuckDBDataChunk, index: number, rows: number): number;
  /** Takes the rows from `from` up to, not with, `to`. */
  append(chunk: DuckDBDataChunk, index: number, from: number, to: number): void;
  /** The column of the batch; the next row begins another and writes over this one. */
  finish(length: number): unknown;
}

/** A column that takes the engine's type in. */
export function openColumn(type: DuckDBType): Column {
  if (type.typeId === DuckDBTypeId.VARCHAR) return new TextColumn();
  if (type.typeId === DuckDBTypeId.BOOLEAN) return new BoolColumn();
  if (converted.has(type.typeId)) return new WideNumberColumn();
  const arrowType = arrowTypes[type.typeId];
  return arrowType ? new NumberColumn(arrowType()) : new JsonColumn();
}

const rawVector = (chunk: DuckDBDataChunk, index: number): RawVector =>
  chunk.getColumnVector(index) as unknown as RawVector;

class NumberColumn implements Column {
  readonly type: DataType;
  readonly textBytes = 0;
  readonly #nulls = new Nulls();
  #values: NumberArray | null = null;
  #length = 0;

  constructor(type: DataType) {
    this.type = type;
  }

  countBytes(): number {
    return 0;
  }

  append(chunk: DuckDBDataChunk, index: number, from: number, to: number): void {
    const { items, validity } = rawVector(chunk, index);
    const empty = new (items!.constructor as Float64ArrayConstructor)(0);
    // All of them are taken alike; the type of one stands for the others.
    const values = withRoom((this.#values ?? empty) as Float64Array, this.#length + to - from);
    values.set(items!.subarray(from, to) as Float64Array, this.#length);
    this.#values = values;
    this.#length += to - from;
    this.#nulls.append(validity, from, to);
  }

  finish(length: number): unknown {
    const data = this.#values?.subarray(0, length) ?? new Float64Array(0);
    this.#length = 0;
    return makeData({ type: this.type as Float64, length, data: data as Float64Array, ...this.#nulls.finish() });
  }
}

class BoolColumn implements Column {
  readonly type = new Bool();
  readonly textBytes = 0;
  readonly #nulls = new Nulls();
  #bits = new Uint8Array(firstRows / 8);
  #length = 0;

  countBytes(): number {
    return 0;
  }

  append(chunk: DuckDBDataChunk, index: number, from: number, to: number): void {
    const { dataView, validity } = rawVector(chunk, index);
    if (this.#length === 0) this.#bits.fill(0);
    this.#bits = withRoom(this.#bits, Math.ceil((this.#length + to - from) / 8));
    for (let row = from; row < to; row += 1, this.#length += 1) {
      if (dataView!.getUint8(row) !== 0) this.#bits[this.#length >> 3]! |= 1 << (this.#length & 7);
    }
    this.#nulls.append(validity, from, to);
  }

  finish(length: number): unknown {
    this.#length = 0;
    return makeData({ type: this.type, length, data: this.#bits, ...this.#nulls.finish() });
  }
}

class TextColumn implements Column {
  readonly type = new Utf8();
  readonly #nulls = new Nulls();
  readonly #texts = new Texts();

  get textBytes(): number {
    return this.#texts.bytes;
  }

  countBytes(chunk: DuckDBDataChunk, index: number, rows: number): number {
    const { dataView, validity } = rawVector(chunk, index);
    return new TextVector(dataView!, validity).countBytes(0, rows);
  }

  append(chunk: DuckDBDataChunk, index: number, from: number, to: number): void {
    const { dataView, validity } = rawVector(chunk, index);
    this.#texts.append(new TextVector(dataView!, validity), from, to);
    this.#nulls.append(validity, from, to);
  }

  finish(length: number): unknown {
    return makeData({ type: this.type, length, ...this.#texts.finish(), ...this.#nulls.finish() });
  }
}

class WideNumberColumn implements Column {
  readonly type = new Float64();
  readonly textBytes = 0;
  readonly #nulls = new Nulls();
  #values: number[] = [];

  countBytes(): number {
    return 0;
  }

  append(chunk: DuckDBDataChunk, index: number, from: number, to: number): void {
    const vector = chunk.getColumnVector(index);
    for (let row = from; row < to; row += 1) {
      const value = vector.getItem(row) as bigint | { toDouble(): number } | null;
      this.#nulls.push(value !== null);
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
  /** The chunk at hand, whose rows may be asked for in several turns. */
  #values: readonly unknown[] = [];

  get textBytes(): number {
    return this.#texts.bytes;
  }

  countBytes(): number {
    return 0;
  }

  append(chunk: DuckDBDataChunk, index: number, from: number, to: number): void {
    if (from === 0) this.#values = chunk.convertColumnValues(index, JsonDuckDBValueConverter);
    for (let row = from; row < to; row += 1) {
      const value = this.#values[row] ?? null;
      this.#nulls.push(value !== null);
      this.#texts.push(this.#encoder.encode(formatValue(value)));
    }
  }

  finish(length: number): unknown {
    return makeData({ type: this.type, length, ...this.#texts.finish(), ...this.#nulls.finish() });
  }
}

function formatValue(value: unknown): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
