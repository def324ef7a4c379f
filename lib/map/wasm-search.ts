import type { KernelMemory } from "./kernel-memory.ts";
import type { NeighbourSearch } from "./kernels.ts";
import { CANDIDATES, LEAF, neighbourSlots, readNeighbours } from "./neighbour-slots.ts";
import type { Neighbours } from "./neighbour-table.ts";
import { type WholeScale, writeWhole } from "./whole-scale.ts";

/** Places on the stack of runs that wait: more than the logarithm of any n. */
const STACK = 64;
/** Rows of vectors are whole blocks of so many bytes. */
const ROW_BLOCK = 32;
/** Points that are compared with one another at a time, and some places to fill up the last four. */
const SEATS = Math.max(LEAF, 2 * CANDIDATES) + 4;
const CANDIDATE_BYTES = 16 + 2 * CANDIDATES * 4;

/** The neighbour search by wasm/neighbours.ts. */
export class WasmSearch implements NeighbourSearch {
  private readonly memory: KernelMemory;
  private readonly vectors: Float32Array;
  private readonly n: number;
  private readonly d: number;
  private readonly others: number;
  private readonly scale: WholeScale | undefined;
  private readonly pointsAt: number;
  private readonly idsAt: number;
  private readonly candidatesAt: number;
  private readonly pointBytes: number;
  /** Where in the bytes of a point its vector begins. */
  private readonly row: number;
  private order: Int32Array;

  constructor(
    memory: KernelMemory,
    vectors: Float32Array,
    n: number,
    d: number,
    others: number,
    seed: number,
    scale: WholeScale | undefined
  ) {
    this.memory = memory;
    this.vectors = vectors;
    this.n = n;
    this.d = d;
    this.others = others;
    this.scale = scale;
    const slots = neighbourSlots(others);
    const rowBytes = wholeBlocks(d * (scale ? 2 : 4));
    this.row = wholeBlocks(slots * 9);
    this.pointBytes = this.row + rowBytes;
    const at = memory.layOut({
      points: n * this.pointBytes,
      // At the end, when there are no candidates any more, vectors in full take their place.
      candidates: n * Math.max(CANDIDATE_BYTES, scale ? wholeBlocks(d * 4) : 0),
      ids: n * 4,
      leaf: n,
      stack: STACK * 8,
      normal: rowBytes,
      seatRows: SEATS * rowBytes,
      seatIds: SEATS * 4,
      seatWorst: SEATS * 4,
      four: 16
    });
    this.pointsAt = at.points;
    this.idsAt = at.ids;
    this.candidatesAt = at.candidates;
    const { exports } = memory;
    exports.openSearch(
      n,
      others,
      slots,
      rowBytes,
      Number(scale !== undefined),
      this.pointBytes,
      this.row,
      at.points,
      at.candidates,
      at.ids,
      at.leaf,
      at.stack,
      at.normal,
      at.seatRows,
      at.seatIds,
      at.seatWorst,
      at.four
    );
    exports.seedRandom(seed);
    const { index, distance, stride } = this.held();
    for (let i = 0; i < n; i++) {
      index.fill(-1, i * stride, i * stride + slots);
      distance.fill(Infinity, i * stride, i * stride + slots);
    }
    this.order = memory.integers(at.ids, n).map((_, i) => i);
    this.writeVectors();
  }

  growTree(): void {
    this.memory.exports.growTree();
  }

  reorder(): void {
    const ids = this.memory.integers(this.idsAt, this.n);
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
    if (this.scale) {
      const rowBytes = wholeBlocks(this.d * 4);
      this.writeFloats(this.candidatesAt, rowBytes);
      this.memory.exports.measureHeld(this.candidatesAt, rowBytes);
    }
    return readNeighbours({ ...this.held(), others: this.others, order: this.order }, this.n, k);
  }

  /** The neighbours of all points where they lie in memory. */
  private held(): { readonly index: Int32Array; readonly distance: Float32Array; readonly stride: number } {
    const stride = this.pointBytes / 4;
    const slots = neighbourSlots(this.others);
    return {
      index: this.memory.integers(this.pointsAt + slots * 4, this.n * stride - slots),
      distance: this.memory.floats(this.pointsAt, this.n * stride),
      stride
    };
  }

  private writeVectors(): void {
    const { n, d, vectors, order, memory, pointsAt, row, pointBytes, scale } = this;
    if (!scale) {
      this.writeFloats(pointsAt + row, pointBytes);
      return;
    }
    const wholes = memory.wholes(pointsAt, (n * pointBytes) / 2);
    for (let i = 0; i < n; i++) writeWhole(scale, vectors, order[i]! * d, wholes, (i * pointBytes + row) / 2);
  }

  /** Writes vectors in the order of the search, filled up with zeros, each so many bytes after the one before. */
  private writeFloats(at: number, bytes: number): void {
    const { n, d, vectors, order, memory } = this;
    const width = wholeBlocks(d * 4) / 4;
    const floats = memory.floats(at, ((n - 1) * bytes) / 4 + width);
    for (let i = 0; i < n; i++) {
      const to = (i * bytes) / 4;
      floats.set(vectors.subarray(order[i]! * d, order[i]! * d + d), to);
      floats.fill(0, to + d, to + width);
    }
  }
}

function wholeBlocks(bytes: number): number {
  return Math.ceil(bytes / ROW_BLOCK) * ROW_BLOCK;
}
