/** Two forces tabulated over the bits of a 32-bit squared distance. */
export interface ForceTables {
  readonly pull: Float32Array;
  readonly push: Float32Array;
}

const MANTISSA_BITS = 7;
/** Bits of a squared distance that do not choose its entry. */
export const FORCE_SHIFT = 23 - MANTISSA_BITS;
/** Entries: one for the upper bits of every squared distance, so that none has to be cut to a range. */
export const FORCE_SIZE = 256 << MANTISSA_BITS;
/** No force moves a point by more than this times the rate, in either axis. */
export const FORCE_CLIP = 4;

/**
 * Tables of UMAP's forces, in place of Math.pow. Relative error below 0.8 %, since each entry holds
 * the value in the middle of 1/128 of an octave. Only the entries of distances that occur are ever near the processor.
 *
 * @param a  @param b  parameters of the curve 1 / (1 + a d^2b)
 * @param repulsion    weight of negative samples
 */
export function forceTables(a: number, b: number, repulsion: number): ForceTables {
  const pull = new Float32Array(FORCE_SIZE);
  const push = new Float32Array(FORCE_SIZE);
  const bits = new Uint32Array(1);
  const value = new Float32Array(bits.buffer);
  // From 2^128 on a squared distance is no number: nothing pulls or pushes.
  for (let slot = 0; slot < 255 << MANTISSA_BITS; slot++) {
    bits[0] = (slot << FORCE_SHIFT) | (1 << (FORCE_SHIFT - 1));
    // Nearer than 2^-15 a pull as strong as there: it grows without end where b is below 1.
    const squared = Math.max(value[0]!, 2 ** -30);
    const power = squared ** b;
    pull[slot] = (-2 * a * b * (power / squared)) / (a * power + 1);
    push[slot] = (2 * repulsion * b) / ((0.001 + squared) * (a * power + 1));
  }
  return { pull, push };
}
