/** Bits that a filter spends on a key, and how many of them it sets: of keys that are not in it, one in 1,700 passes. */
const [bitsPerKey, probes] = [16, 8];

/**
 * Tells of a number of 64 bits that it is in a set, now and then wrongly, or that it is not, always rightly. Numbers
 * are given as two halves of 32 bits and should be spread evenly, as hashes are.
 *
 * @see Bloom 1970, doi:10.1145/362686.362692; Kirsch and Mitzenmacher 2006, doi:10.1007/11841036_42
 */
export class KeyFilter {
  readonly #words: Uint32Array;

  /** @param keys  how many it is made for; with more it passes more that is not in it */
  constructor(keys: number) {
    this.#words = new Uint32Array(Math.ceil((Math.max(keys, 1) * bitsPerKey) / 32));
  }

  /** What a filter for so many keys takes in memory. */
  static sizeBytes(keys: number): number {
    return Math.ceil((Math.max(keys, 1) * bitsPerKey) / 32) * 4;
  }

  add(low: number, high: number): void {
    const bits = this.#words.length * 32;
    for (let probe = 0; probe < probes; probe += 1) {
      const bit = placeOf(low, high, probe, bits);
      this.#words[bit >>> 5]! |= 1 << (bit & 31);
    }
  }

  has(low: number, high: number): boolean {
    const bits = this.#words.length * 32;
    for (let probe = 0; probe < probes; probe += 1) {
      const bit = placeOf(low, high, probe, bits);
      if ((this.#words[bit >>> 5]! & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }
}

const placeOf = (low: number, high: number, probe: number, bits: number): number =>
  ((low + Math.imul(probe, high | 1)) >>> 0) % bits;
