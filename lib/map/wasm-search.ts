import { type KernelMemory, paddedRow } from "./kernel-memory.ts";
import type { NeighbourSearch } from "./kernels.ts";
import { CANDIDATES, neighbourSlots, readNeighbours } from "./neighbour-slots.ts";
import type { Neighbours } from "./neighbour-table.ts";

/** Places on the stack of runs that wait: more than the logarithm of any n. */
const STACK = 64;

/** The neighbour search by wasm/neighbours.ts. */
export class WasmSearch implements NeighbourSearch {
  private readonly memory: KernelMemory;
  private readonly vectors: Float32Array;
  private readonly n: number;
  private readonly d: number;
  private readonly others: number;
  private readonly at: Readonly<Record<"vectors" | "index" | "distance" | "ids", number>>;
  private order: Int32Array;

  constructor(memory: KernelMemory, vectors: Float32Array, n: number, d: number, others: number, seed: number) {
    this.memory = memory;
    this.vectors = vectors;
    this.n = n;
    this.d = d;
    this.others = others;
    const slots = neighbourSlots(others);
    const rowBytes = paddedRow(d) * 4;
    const at = memory.layOut({
      vectors: n * rowBytes,
      index: n * slots * 4,
      distance: n * slots * 4,
      fresh: n * slots,
      worst: n * 4,
      ids: n * 4,
      leaf: n,
      news: n * CANDIDATES * 4,
      olds: n * CANDIDATES * 4,
      newOffers: n * 4,
      oldOffers: n * 4,
      stack: STACK * 8
    });
    this.at = at;
    const { exports } = memory;
    exports.openSearch(
      n,
      others,
      slots,
      rowBytes,
      at.vectors,
      at.index,
      at.distance,
      at.fresh,
      at.worst,
      at.ids,
      at.leaf,
      at.news,
      at.olds,
      at.newOffers,
      at.oldOffers,
      at.stack
    );
    exports.seedRandom(seed);
    memory.integers(at.index, n * slots).fill(-1);
    memory.floats(at.distance, n * slots).fill(Infinity);
    memory.floats(at.worst, n).fill(Infinity);
    this.order = memory.integers(at.ids, n).map((_, i) => i);
    this.writeVectors();
  }

  growTree(): void {
    this.memory.exports.growTree();
  }

  reorder(): void {
    const ids = this.memory.integers(this.at.ids, this.n);
    this.order = ids.slice();
    ids.set(this.order.map((_, at) => at));
    this.writeVectors();
  }

  joinLeaves(): void {
    this.memory.exports.joinLeaves();
  }

  joinAll(from: number, to: number): void {
    this.memory.exports.joinAll(from, to);
  }

  fillRandomly(): void {
    this.memory.exports.fillRandomly();
  }

  sampleCandidates(): void {
    this.memory.exports.sampleCandidates();
  }

  joinCandidates(from: number, to: number): number {
    return this.memory.exports.joinCandidates(from, to);
  }

  finish(k: number): Neighbours {
    const size = this.n * neighbourSlots(this.others);
    const index = this.memory.integers(this.at.index, size);
    const distance = this.memory.floats(this.at.distance, size);
    return readNeighbours(index, distance, this.n, this.others, this.order, k);
  }

  private writeVectors(): void {
    const { n, d, vectors, order } = this;
    const width = paddedRow(d);
    const rows = this.memory.floats(this.at.vectors, n * width);
    for (let i = 0; i < n; i++) {
      const from = order[i]! * d;
      rows.set(vectors.subarray(from, from + d), i * width);
    }
  }
}
