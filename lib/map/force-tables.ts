/** Two forces tabulated over the bits of a 32-bit squared distance. */
export interface ForceTables {
  readonly pull: Float32Array;
  readonly push: Float32Array;
}

const MANTISSA_BITS = 8;
/** Bits of a squared distance that do not choose its entry. */
export const FORCE_SHIFT = 23 - MANTISSA_BITS;
/** The first entry is that of 2^-30; a nearer pair takes it too. */
export const FORCE_FIRST = (127 - 30) << MANTISSA_BITS;
/** Entries; a pair farther apart than 2^20 takes the last. */
export const FORCE_SIZE = 50 << MANTISSA_BITS;
/** No force moves a point by more than this times the rate, in either axis. */
export const FORCE_CLIP = 4;

/**
 * Tables of UMAP's forces, in place of Math.pow. Relative error below 0.3 %, since each entry holds
 * the value in the middle of 1/256 of an octave.
 *
 * @param a  @param b  parameters of the curve 1 / (1 + a d^2b)
 * @param repulsion    weight of negative samples
 */
export function forceTables(a: number, b: number, repulsion: number): ForceTables {
  const pull = new Float32Array(FORCE_SIZE);
  const push = new Float32Array(FORCE_SIZE);
  const bits = new Uint32Array(1);
  const value = new Float32Array(bits.buffer);
  for (let slot = 0; slot < FORCE_SIZE; slot++) {
    bits[0] = ((slot + FORCE_FIRST) << FORCE_SHIFT) | (1 << (FORCE_SHIFT - 1));
    const squared = value[0]!;
    const power = squared ** b;
    pull[slot] = (-2 * a * b * (power / squared)) / (a * power + 1);
    push[slot] = (2 * repulsion * b) / ((0.001 + squared) * (a * power + 1));
  }
  return { pull, push };
}
