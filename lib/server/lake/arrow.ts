import { setImmediate as yieldToLoop } from "node:timers/promises";
import type { DuckDBDataChunk, DuckDBType } from "@duckdb/node-api";
import { Field, makeData, RecordBatch, RecordBatchStreamWriter, Schema, Struct } from "apache-arrow";
import { ArrowBytes } from "./arrow-bytes.ts";
import { type Column, openColumn } from "./arrow-columns.ts";
import { batchRows } from "./arrow-nulls.ts";

/** Bytes of texts that are copied before others may get the loop. */
const stepBytes = 2 ** 20;

/** Bytes of texts after which a batch ends, however few its rows. */
const batchTextBytes = 2 ** 20;

/** Longest time in ms that the encoder keeps the loop, beyond one step. */
const turnMs = 8;

/**
 * Builds an Arrow IPC stream from the engine's chunks. Numbers, times and texts are copied as bytes;
 * no JavaScript value is made per cell. Lists, structs and the like arrive as JSON text, numbers wider
 * than 64 bits as doubles. However large the answer, others get the loop every few milliseconds.
 */
export class ArrowEncoder {
  readonly #schema: Schema;
  readonly #columns: readonly Column[];
  readonly #writer = new RecordBatchStreamWriter();
  readonly #output = new ArrowBytes();
  #batches = 0;
  #pending = 0;
  readonly #mostBytes: number;
  rows = 0;

  /** @param mostBytes  size after which no more rows are taken; see `isFull` */
  constructor(names: readonly string[], types: readonly DuckDBType[], mostBytes = Number.POSITIVE_INFINITY) {
    this.#mostBytes = mostBytes;
    this.#columns = types.map((type) => openColumn(type));
    this.#schema = new Schema(names.map((name, index) => new Field(name, this.#columns[index]!.type, true)));
    this.#writer.reset(this.#output, this.#schema);
  }

  /** Whether it has as many bytes as it may. The row that reaches them is the last, so there is at least one. */
  get isFull(): boolean {
    return this.#output.length + this.#textBytes() >= this.#mostBytes;
  }

  /** Takes rows until it is full. @param rows  how many rows of the chunk to take, from its beginning */
  async append(chunk: DuckDBDataChunk, rows: number = chunk.rowCount): Promise<void> {
    const turn = new Turn();
    const bytes = this.#columns.reduce((sum, column, index) => sum + column.countBytes(chunk, index, rows), 0);
    const step = Math.max(1, Math.ceil(rows / Math.max(1, Math.ceil(bytes / stepBytes))));
    for (let from = 0; from < rows && !this.isFull; from += step) {
      const to = Math.min(rows, from + step);
      for (const [index, column] of this.#columns.entries()) column.append(chunk, index, from, to);
      this.#pending += to - from;
      this.rows += to - from;
      if (this.#pending >= batchRows || this.#textBytes() >= batchTextBytes) this.#flush();
      if (to < rows) await turn.end();
    }
  }

  /** The whole stream; the encoder is spent. */
  finish(): Uint8Array {
    if (this.#pending > 0 || this.#batches === 0) this.#flush();
    this.#writer.finish();
    return this.#output.bytes();
  }

  #textBytes(): number {
    return this.#columns.reduce((sum, column) => sum + column.textBytes, 0);
  }

  #flush(): void {
    const length = this.#pending;
    const children = this.#columns.map((column) => column.finish(length));
    const data = makeData({ type: new Struct(this.#schema.fields), length, nullCount: 0, children: children as never });
    this.#writer.write(new RecordBatch(this.#schema, data as never));
    this.#batches += 1;
    this.#pending = 0;
  }
}

/** The time for which one piece of work has had the loop. */
class Turn {
  #start = performance.now();

  /** Lets others have the loop when this work has had it for long. */
  async end(): Promise<void> {
    if (performance.now() - this.#start < turnMs) return;
    await yieldToLoop();
    this.#start = performance.now();
  }
}
