import { AsyncByteQueue } from "apache-arrow";
import { Fault } from "#lib/model/fault.ts";

/** Up to this size bytes are moved to a larger place when they outgrow theirs. */
const movedBytes = 2 ** 20;

/** Bytes by which a large answer grows. */
const growBytes = 4 * 2 ** 20;

/**
 * What a writer of Arrow writes to: one run of bytes, copied at once, so that the writer's buffers may be used
 * again. A long answer grows in place: memory that is new to the process is by far what costs most.
 */
export class ArrowBytes extends AsyncByteQueue {
  readonly #mostBytes: number;
  #buffer = new ArrayBuffer(1 << 14);
  #bytes = new Uint8Array(this.#buffer);
  #used = 0;

  /** @param mostBytes  length of the longest answer */
  constructor(mostBytes = 2 ** 31) {
    super();
    this.#mostBytes = mostBytes;
  }

  /** Bytes so far. */
  get length(): number {
    return this.#used;
  }

  /** @throws Fault `limit` when the answer grows too large */
  override write(value: Uint8Array): void {
    if (this.#used + value.length > this.#bytes.length) this.#grow(this.#used + value.length);
    this.#bytes.set(value, this.#used);
    this.#used += value.length;
  }

  /** All that was written; nothing may be written any more. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#used);
  }

  #grow(least: number): void {
    if (least > this.#mostBytes) {
      throw new Fault("limit", `the answer is larger than ${Math.round(this.#mostBytes / 2 ** 20)} MiB`, {
        hint: "Ask for fewer rows or columns."
      });
    }
    const old = this.#bytes;
    if (least <= movedBytes) this.#buffer = new ArrayBuffer(Math.max(least, 2 * old.length));
    else {
      if (!this.#buffer.resizable) this.#buffer = new ArrayBuffer(0, { maxByteLength: this.#mostBytes });
      this.#buffer.resize(Math.min(this.#mostBytes, least + growBytes));
    }
    this.#bytes = new Uint8Array(this.#buffer);
    if (old.buffer !== this.#buffer) this.#bytes.set(old);
  }
}
