/** Bytes of the first piece and of the largest: each is twice the one before. */
const firstBytes = 1 << 12;
const largestBytes = 1 << 20;

/** Lines as bytes that lie outside the heap: while they wait for the disk no collection of garbage copies them. */
export class LineBuffer {
  readonly #full: Buffer[] = [];
  #open = Buffer.alloc(0);
  #used = 0;
  /** Lines so far. */
  count = 0;

  /** @param texts  one line in the order of its parts, without its end */
  append(...texts: readonly string[]): void {
    for (const text of texts) this.#write(text);
    this.#write("\n");
    this.count += 1;
  }

  /** All bytes in their order; to be asked once, at the end. */
  pieces(): readonly Buffer[] {
    return [...this.#full, this.#open.subarray(0, this.#used)];
  }

  #write(text: string): void {
    // Three bytes at most per unit of UTF-16; long texts are counted, so that their room is what they need.
    const most = text.length * 3;
    const needed = most <= this.#open.length - this.#used ? most : Buffer.byteLength(text);
    if (needed > this.#open.length - this.#used) {
      if (this.#used > 0) this.#full.push(this.#open.subarray(0, this.#used));
      const twice = Math.max(firstBytes, Math.min(largestBytes, this.#open.length * 2));
      this.#open = Buffer.allocUnsafeSlow(Math.max(twice, needed));
      this.#used = 0;
    }
    this.#used += this.#open.write(text, this.#used);
  }
}
