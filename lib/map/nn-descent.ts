import { seededRandom } from "../math/random.ts";
import type { Neighbours } from "./neighbour-table.ts";
import { squaredDistance } from "./squared-distance.ts";

const LEAF = 32;
const TREES = 5;
const CANDIDATES = 24;
const ROUNDS = 10;

/**
 * Approximate nearest neighbours: a few random-projection trees for a start, then neighbours of
 * neighbours until fewer than 0.1 % of the entries still improve.
 *
 * @see Dong et al. 2011, doi:10.1145/1963405.1963487
 */
export function descendNeighbours(
  vectors: Float32Array,
  n: number,
  d: number,
  k: number,
  seed: number,
  onProgress: (share: number) => void
): Neighbours {
  const random = seededRandom(seed);
  const others = k - 1;
  const heap = new NeighbourHeap(n, others);
  const tryPair = (a: number, b: number): number => {
    const distance = squaredDistance(vectors, a * d, b * d, d);
    let changed = 0;
    if (distance < heap.worst(a)) changed += heap.push(a, b, distance);
    if (distance < heap.worst(b)) changed += heap.push(b, a, distance);
    return changed;
  };
  for (let tree = 0; tree < TREES; tree++) {
    for (const leaf of growLeaves(vectors, n, d, random)) {
      for (let i = 0; i < leaf.length; i++) for (let j = i + 1; j < leaf.length; j++) tryPair(leaf[i]!, leaf[j]!);
    }
    onProgress((0.3 * (tree + 1)) / TREES);
  }
  for (let i = 0; i < n; i++) {
    for (let tries = 0; tries < 10 * others && heap.worst(i) === Infinity; tries++) {
      const j = Math.floor(random() * n);
      if (j !== i) tryPair(i, j);
    }
  }
  for (let round = 0; round < ROUNDS; round++) {
    const updates = joinNeighbours(heap, n, others, random, tryPair);
    onProgress(0.3 + (0.7 * (round + 1)) / ROUNDS);
    if (updates < 0.001 * n * others) break;
  }
  onProgress(1);
  return heap.sorted(k);
}

/** One round: every pair of a point's candidates, at least one of them new, is compared. */
function joinNeighbours(
  heap: NeighbourHeap,
  n: number,
  others: number,
  random: () => number,
  tryPair: (a: number, b: number) => number
): number {
  const fresh = new Reservoir(n, random);
  const known = new Reservoir(n, random);
  for (let i = 0; i < n; i++) {
    for (let at = i * others; at < (i + 1) * others; at++) {
      const j = heap.index[at]!;
      if (j < 0) continue;
      const target = heap.isNew[at] === 1 ? fresh : known;
      target.offer(i, j);
      target.offer(j, i);
    }
  }
  for (let i = 0; i < n; i++) {
    for (let at = i * others; at < (i + 1) * others; at++) {
      if (heap.isNew[at] === 1 && fresh.has(i, heap.index[at]!)) heap.isNew[at] = 0;
    }
  }
  let updates = 0;
  for (let i = 0; i < n; i++) {
    const from = i * CANDIDATES;
    const [news, olds] = [fresh.count[i]!, known.count[i]!];
    for (let a = 0; a < news; a++) {
      const p = fresh.items[from + a]!;
      for (let b = a + 1; b < news; b++) {
        const q = fresh.items[from + b]!;
        if (p !== q) updates += tryPair(p, q);
      }
      for (let b = 0; b < olds; b++) {
        const q = known.items[from + b]!;
        if (p !== q) updates += tryPair(p, q);
      }
    }
  }
  return updates;
}

/** Splits all points by random hyperplanes until at most LEAF are together. */
function growLeaves(vectors: Float32Array, n: number, d: number, random: () => number): Int32Array[] {
  const ids = Int32Array.from({ length: n }, (_, i) => i);
  const leaves: Int32Array[] = [];
  const stack: [number, number][] = [[0, n]];
  const normal = new Float32Array(d);
  while (stack.length > 0) {
    const [from, to] = stack.pop()!;
    if (to - from <= LEAF) {
      leaves.push(ids.subarray(from, to));
      continue;
    }
    const a = ids[from + Math.floor(random() * (to - from))]! * d;
    const b = ids[from + Math.floor(random() * (to - from))]! * d;
    let offset = 0;
    for (let at = 0; at < d; at++) {
      normal[at] = vectors[a + at]! - vectors[b + at]!;
      offset += (normal[at]! * (vectors[a + at]! + vectors[b + at]!)) / 2;
    }
    let left = from;
    let right = to - 1;
    while (left <= right) {
      const base = ids[left]! * d;
      let side = -offset;
      for (let at = 0; at < d; at++) side += normal[at]! * vectors[base + at]!;
      if (side > 0 || (side === 0 && random() < 0.5)) left++;
      else {
        const held = ids[left]!;
        ids[left] = ids[right]!;
        ids[right--] = held;
      }
    }
    // Points that no plane parts (duplicates) are halved as they lie.
    if (left === from || left === to) left = (from + to) >> 1;
    stack.push([from, left], [left, to]);
  }
  return leaves;
}

/** A fair sample of at most CANDIDATES offers per point. */
class Reservoir {
  readonly items: Int32Array;
  readonly count: Int32Array;
  private readonly offers: Int32Array;
  private readonly random: () => number;

  constructor(n: number, random: () => number) {
    this.items = new Int32Array(n * CANDIDATES);
    this.count = new Int32Array(n);
    this.offers = new Int32Array(n);
    this.random = random;
  }

  offer(i: number, j: number): void {
    const seen = this.offers[i]!;
    this.offers[i] = seen + 1;
    if (seen < CANDIDATES) {
      this.items[i * CANDIDATES + seen] = j;
      this.count[i] = seen + 1;
      return;
    }
    const slot = Math.floor(this.random() * (seen + 1));
    if (slot < CANDIDATES) this.items[i * CANDIDATES + slot] = j;
  }

  has(i: number, j: number): boolean {
    const from = i * CANDIDATES;
    for (let at = from; at < from + this.count[i]!; at++) if (this.items[at] === j) return true;
    return false;
  }
}

/** The nearest found so far of every point, the farthest at the root. */
class NeighbourHeap {
  readonly index: Int32Array;
  readonly isNew: Uint8Array;
  private readonly distance: Float32Array;
  private readonly n: number;
  private readonly size: number;

  constructor(n: number, size: number) {
    this.n = n;
    this.size = size;
    this.index = new Int32Array(n * size).fill(-1);
    this.distance = new Float32Array(n * size).fill(Infinity);
    this.isNew = new Uint8Array(n * size);
  }

  worst(i: number): number {
    return this.distance[i * this.size]!;
  }

  /** @returns 1 when the pair was taken, 0 when it was there already */
  push(i: number, j: number, distance: number): number {
    const base = i * this.size;
    for (let at = base; at < base + this.size; at++) if (this.index[at] === j) return 0;
    let slot = 0;
    for (;;) {
      let child = 2 * slot + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && this.distance[base + child + 1]! > this.distance[base + child]!) child++;
      if (distance >= this.distance[base + child]!) break;
      this.index[base + slot] = this.index[base + child]!;
      this.distance[base + slot] = this.distance[base + child]!;
      this.isNew[base + slot] = this.isNew[base + child]!;
      slot = child;
    }
    this.index[base + slot] = j;
    this.distance[base + slot] = distance;
    this.isNew[base + slot] = 1;
    return 1;
  }

  sorted(k: number): Neighbours {
    const index = new Int32Array(this.n * k);
    const distance = new Float32Array(this.n * k);
    const order = new Int32Array(this.size);
    for (let i = 0; i < this.n; i++) {
      const base = i * this.size;
      for (let column = 0; column < this.size; column++) order[column] = base + column;
      order.sort((a, b) => this.distance[a]! - this.distance[b]! || this.index[a]! - this.index[b]!);
      index[i * k] = i;
      for (let column = 0; column < this.size; column++) {
        const at = order[column]!;
        index[i * k + column + 1] = this.index[at]!;
        distance[i * k + column + 1] = Math.sqrt(this.distance[at]!);
      }
    }
    return { n: this.n, k, index, distance };
  }
}
