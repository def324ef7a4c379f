/** What one epoch of the layout reads and changes. */
export interface LayoutState {
  readonly n: number;
  /** Ends of each edge, edges of one head together. */
  readonly head: Int32Array;
  readonly tail: Int32Array;
  /** Epochs between two uses of an edge, and the epoch of its next use (changed). */
  readonly every: Float32Array;
  readonly next: Float32Array;
  /** n x 2, changed. */
  readonly positions: Float64Array;
  /** Pull and push by squared distance, as `forceTables` makes them. */
  readonly tables: ForceTables;
  /** Negative samples per use of an edge. */
  readonly negatives: number;
  /** Random state, one number, never 0; changed. */
  readonly random: Int32Array;
}

/** Two forces tabulated over the bits of a 32-bit squared distance. */
export interface ForceTables {
  readonly pull: Float64Array;
  readonly push: Float64Array;
}

const MANTISSA_BITS = 8;
const SHIFT = 23 - MANTISSA_BITS;
// Squared distances from 2^-30 to 2^20; what lies outside takes the end of the table.
const FIRST = (127 - 30) << MANTISSA_BITS;
const SIZE = 50 << MANTISSA_BITS;
const CLIP = 4;

/**
 * Tables of UMAP's forces, in place of Math.pow. Relative error below 0.3 %, since each entry holds
 * the value in the middle of 1/256 of an octave.
 *
 * @param a  @param b  parameters of the curve 1 / (1 + a d^2b)
 * @param repulsion    weight of negative samples
 */
export function forceTables(a: number, b: number, repulsion: number): ForceTables {
  const pull = new Float64Array(SIZE);
  const push = new Float64Array(SIZE);
  const bits = new Uint32Array(1);
  const value = new Float32Array(bits.buffer);
  for (let slot = 0; slot < SIZE; slot++) {
    bits[0] = ((slot + FIRST) << SHIFT) | (1 << (SHIFT - 1));
    const squared = value[0]!;
    const power = squared ** b;
    pull[slot] = (-2 * a * b * (power / squared)) / (a * power + 1);
    push[slot] = (2 * repulsion * b) / ((0.001 + squared) * (a * power + 1));
  }
  return { pull, push };
}

/**
 * Moves all points by one epoch. The negatives of one use are all judged at the point's place after
 * its pull, and applied together.
 *
 * @param epoch  from 0
 * @param rate   learning rate of this epoch
 */
export function runEpoch(state: LayoutState, epoch: number, rate: number): void {
  const { n, head, tail, every, next, positions, negatives, random } = state;
  const { pull, push } = state.tables;
  const squaredAs = new Float32Array(1);
  const bits = new Int32Array(squaredAs.buffer);
  const scale = n / 4294967296;
  let dice = random[0]!;
  for (let edge = 0; edge < head.length; edge++) {
    if (next[edge]! > epoch) continue;
    next[edge]! += every[edge]!;
    const from = head[edge]! << 1;
    const to = tail[edge]! << 1;
    let x = positions[from]!;
    let y = positions[from + 1]!;
    let dx = x - positions[to]!;
    let dy = y - positions[to + 1]!;
    squaredAs[0] = dx * dx + dy * dy;
    let slot = (bits[0]! >> SHIFT) - FIRST;
    if (slot >= 0) {
      const force = pull[slot < SIZE ? slot : SIZE - 1]!;
      dx *= force;
      dy *= force;
      dx = (dx > CLIP ? CLIP : dx < -CLIP ? -CLIP : dx) * rate;
      dy = (dy > CLIP ? CLIP : dy < -CLIP ? -CLIP : dy) * rate;
      x += dx;
      y += dy;
      positions[to] = positions[to]! - dx;
      positions[to + 1] = positions[to + 1]! - dy;
    }
    let moveX = 0;
    let moveY = 0;
    for (let sample = 0; sample < negatives; sample++) {
      dice ^= dice << 13;
      dice ^= dice >>> 17;
      dice ^= dice << 5;
      const other = ((dice >>> 0) * scale) << 1;
      if (other === from) continue;
      dx = x - positions[other]!;
      dy = y - positions[other + 1]!;
      squaredAs[0] = dx * dx + dy * dy;
      slot = (bits[0]! >> SHIFT) - FIRST;
      if (slot < 0) {
        // Two points on one place: parted along one diagonal, as the definition has it.
        moveX += CLIP;
        moveY += CLIP;
        continue;
      }
      const force = push[slot < SIZE ? slot : SIZE - 1]!;
      dx *= force;
      dy *= force;
      moveX += dx > CLIP ? CLIP : dx < -CLIP ? -CLIP : dx;
      moveY += dy > CLIP ? CLIP : dy < -CLIP ? -CLIP : dy;
    }
    positions[from] = x + moveX * rate;
    positions[from + 1] = y + moveY * rate;
  }
  random[0] = dice;
}
