import { seededRandom } from "../math/random.ts";
import type { NeighbourSearch } from "./kernels.ts";
import { CANDIDATES, LEAF, neighbourSlots, readNeighbours } from "./neighbour-slots.ts";
import type { Neighbours } from "./neighbour-table.ts";
import { squaredDistance } from "./squared-distance.ts";
import { type WholeScale, writeWhole } from "./whole-scale.ts";

/** The neighbour search in plain TypeScript: what wasm/neighbours.ts does, step by step in the same 32-bit numbers. */
export class PlainSearch implements NeighbourSearch {
  private readonly vectors: Float32Array;
  private readonly n: number;
  private readonly d: number;
  private readonly others: number;
  private readonly slots: number;
  private readonly random: () => number;
  private readonly index: Int32Array;
  private readonly distance: Float32Array;
  private readonly fresh: Uint8Array;
  private readonly worst: Float32Array;
  private readonly ids: Int32Array;
  private readonly leaf: Uint8Array;
  private readonly news: Candidates;
  private readonly olds: Candidates;
  /** Where the row of each point begins in `vectors`; points are numbered by their place in memory. */
  private order: Int32Array;
  private readonly whole: Int16Array | undefined;

  constructor(
    vectors: Float32Array,
    n: number,
    d: number,
    others: number,
    seed: number,
    scale: WholeScale | undefined
  ) {
    this.vectors = vectors;
    this.n = n;
    this.d = d;
    this.others = others;
    this.slots = neighbourSlots(others);
    this.random = seededRandom(seed);
    this.index = new Int32Array(n * this.slots).fill(-1);
    this.distance = new Float32Array(n * this.slots).fill(Infinity);
    this.fresh = new Uint8Array(n * this.slots);
    this.worst = new Float32Array(n).fill(Infinity);
    this.ids = Int32Array.from({ length: n }, (_, i) => i);
    this.order = this.ids.slice();
    this.leaf = new Uint8Array(n);
    this.news = new Candidates(n);
    this.olds = new Candidates(n);
    if (!scale) return;
    this.whole = new Int16Array(n * d);
    for (let i = 0; i < n; i++) writeWhole(scale, vectors, i * d, this.whole, i * d);
  }

  growTree(): void {
    this.ids.forEach((_, at) => {
      this.ids[at] = at;
    });
    this.leaf.fill(0);
    const waiting: [number, number][] = [];
    let run: [number, number] | undefined = [0, this.n];
    while (run) {
      const [from, to]: [number, number] = run;
      if (to - from <= LEAF) {
        this.leaf[from] = 1;
        run = waiting.pop();
        continue;
      }
      const middle = this.splitRun(from, to);
      // The larger part waits, so that no more than the logarithm of n ever do.
      const waitsLeft = middle - from > to - middle;
      waiting.push(waitsLeft ? [from, middle] : [middle, to]);
      run = waitsLeft ? [middle, to] : [from, middle];
    }
  }

  reorder(): void {
    this.order = this.ids.slice();
    for (let at = 0; at < this.n; at++) this.ids[at] = at;
  }

  joinLeaves(): void {
    let from = 0;
    for (let at = 1; at <= this.n; at++) {
      if (at < this.n && this.leaf[at] === 0) continue;
      for (let i = from; i < at; i++) for (let j = i + 1; j < at; j++) this.tryPair(this.ids[i]!, this.ids[j]!);
      from = at;
    }
  }

  joinAll(from: number, to: number): void {
    for (let i = from; i < to; i++) for (let j = 0; j < i; j++) this.tryPair(i, j);
  }

  fillRandomly(): void {
    for (let i = 0; i < this.n; i++) {
      for (let tries = 0; tries < 10 * this.others && this.worst[i] === Infinity; tries++) {
        const j = this.randomBelow(this.n);
        if (j !== i) this.tryPair(i, j);
      }
    }
  }

  sampleCandidates(): void {
    const { n, others, slots, index, fresh, news, olds } = this;
    news.offers.fill(0);
    olds.offers.fill(0);
    for (let i = 0; i < n; i++) {
      for (let at = i * slots; at < i * slots + others; at++) {
        if (fresh[at] === 0) continue;
        this.offer(news, i, index[at]!);
        this.offer(news, index[at]!, i);
      }
    }
    for (let i = 0; i < n; i++) {
      for (let at = i * slots; at < i * slots + others; at++) {
        const j = index[at]!;
        if (fresh[at] === 1) {
          if (news.has(i, j)) fresh[at] = 0;
        } else if (j >= 0) {
          if (news.count(i) > 0) this.offer(olds, i, j);
          if (news.count(j) > 0) this.offer(olds, j, i);
        }
      }
    }
  }

  joinCandidates(from: number, to: number): number {
    const { news, olds } = this;
    let updates = 0;
    for (let i = from; i < to; i++) {
      const first = i * CANDIDATES;
      const [newCount, oldCount] = [news.count(i), olds.count(i)];
      for (let a = 0; a < newCount; a++) {
        const p = news.items[first + a]!;
        for (let b = a + 1; b < newCount; b++) {
          const q = news.items[first + b]!;
          if (p !== q) updates += this.tryPair(p, q);
        }
        for (let b = 0; b < oldCount; b++) {
          const q = olds.items[first + b]!;
          if (p !== q) updates += this.tryPair(p, q);
        }
      }
    }
    return updates;
  }

  finish(k: number): Neighbours {
    if (this.whole) this.measureHeld();
    const { index, distance, slots: stride, others, order } = this;
    return readNeighbours({ index, distance, stride, others, order }, this.n, k);
  }

  private measureHeld(): void {
    const { n, d, slots, others, index, distance, order, vectors } = this;
    for (let i = 0; i < n; i++) {
      for (let at = i * slots; at < i * slots + others; at++) {
        const j = index[at]!;
        if (j >= 0) distance[at] = squaredDistance(vectors, order[i]! * d, order[j]! * d, d);
      }
    }
  }

  private randomBelow(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  /** Parts a run of ids by which of two of its points is nearer. */
  private splitRun(from: number, to: number): number {
    const { ids } = this;
    const a = ids[from + this.randomBelow(to - from)]!;
    const b = ids[from + this.randomBelow(to - from)]!;
    let left = from;
    let right = to - 1;
    while (left <= right) {
      const id = ids[left]!;
      const [toA, toB] = [this.distanceOf(id, a), this.distanceOf(id, b)];
      if (toA < toB || (toA === toB && this.randomBelow(2) === 1)) left++;
      else {
        ids[left] = ids[right]!;
        ids[right--] = id;
      }
    }
    // What no plane parts is halved as it lies.
    return left === from || left === to ? (from + to) >> 1 : left;
  }

  private distanceOf(a: number, b: number): number {
    const [rowA, rowB] = [this.order[a]! * this.d, this.order[b]! * this.d];
    if (!this.whole) return squaredDistance(this.vectors, rowA, rowB, this.d);
    let sum = 0;
    for (let c = 0; c < this.d; c++) sum += (this.whole[rowA + c]! - this.whole[rowB + c]!) ** 2;
    return sum;
  }

  private tryPair(a: number, b: number): number {
    const distance = Math.fround(this.distanceOf(a, b));
    const [worstA, worstB] = [this.worst[a]!, this.worst[b]!];
    let taken = 0;
    if (distance < worstA) taken += this.push(a, b, distance);
    if (distance < worstB) taken += this.push(b, a, distance);
    return taken;
  }

  /** Takes j among the neighbours of i in place of the farthest; 0 when it is there already. */
  private push(i: number, j: number, value: number): number {
    const { index, distance, fresh, others } = this;
    const base = i * this.slots;
    for (let at = base; at < base + others; at++) if (index[at] === j) return 0;
    let slot = 0;
    for (;;) {
      let child = 2 * slot + 1;
      if (child >= others) break;
      if (child + 1 < others && distance[base + child + 1]! > distance[base + child]!) child++;
      if (value >= distance[base + child]!) break;
      index[base + slot] = index[base + child]!;
      distance[base + slot] = distance[base + child]!;
      fresh[base + slot] = fresh[base + child]!;
      slot = child;
    }
    index[base + slot] = j;
    distance[base + slot] = value;
    fresh[base + slot] = 1;
    this.worst[i] = distance[base]!;
    return 1;
  }

  private offer(kind: Candidates, i: number, j: number): void {
    const seen = kind.offers[i]!;
    kind.offers[i] = seen + 1;
    const slot = seen < CANDIDATES ? seen : this.randomBelow(seen + 1);
    if (slot < CANDIDATES) kind.items[i * CANDIDATES + slot] = j;
  }
}

/** A fair sample of at most CANDIDATES offers per point. */
class Candidates {
  readonly items: Int32Array;
  readonly offers: Int32Array;

  constructor(n: number) {
    this.items = new Int32Array(n * CANDIDATES);
    this.offers = new Int32Array(n);
  }

  count(i: number): number {
    return Math.min(this.offers[i]!, CANDIDATES);
  }

  has(i: number, j: number): boolean {
    const from = i * CANDIDATES;
    for (let at = from; at < from + this.count(i); at++) if (this.items[at] === j) return true;
    return false;
  }
}
