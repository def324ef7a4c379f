/** Counts how often pairs of small numbers are met, in memory that follows the number of different pairs. */
export class PairCounts {
  private readonly size: number;
  private keys = new Int32Array(1 << 12).fill(-1);
  private counts = new Int32Array(1 << 12);
  private held = 0;

  /** @param size  numbers of a pair lie in 0..size - 1; at most 46,340, so that a pair fits 31 bits */
  constructor(size: number) {
    this.size = size;
  }

  add(a: number, b: number): void {
    const slot = this.slotOf(a * this.size + b);
    if (this.counts[slot]!++ > 0) return;
    this.keys[slot] = a * this.size + b;
    if (++this.held * 2 > this.keys.length) this.grow();
  }

  /** Visits every pair met, by a and then by b. */
  each(visit: (a: number, b: number, count: number) => void): void {
    const sorted = this.keys.filter((key) => key >= 0).sort();
    for (const key of sorted) visit(Math.floor(key / this.size), key % this.size, this.counts[this.slotOf(key)]!);
  }

  private slotOf(key: number): number {
    const mask = this.keys.length - 1;
    let slot = (Math.imul(key, 0x9e3779b1) >>> 7) & mask;
    while (this.keys[slot] !== key && this.keys[slot] !== -1) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { keys, counts } = this;
    this.keys = new Int32Array(keys.length * 2).fill(-1);
    this.counts = new Int32Array(keys.length * 2);
    for (let at = 0; at < keys.length; at++) {
      if (keys[at] === -1) continue;
      const slot = this.slotOf(keys[at]!);
      this.keys[slot] = keys[at]!;
      this.counts[slot] = counts[at]!;
    }
  }
}
