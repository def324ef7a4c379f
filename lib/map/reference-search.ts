import { seededRandom } from "../math/random.ts";
import type { FrozenProjection } from "./frozen-projection.ts";
import { buildSplitTree, leafOf, type SplitTree } from "./split-tree.ts";

/** Up to this many reference texts each is compared. */
const EXACT_LIMIT = 2048;
const TREES = 4;
/** Points kept open while walking from neighbour to neighbour: more finds more and takes longer. */
const BREADTH = 32;
/** Dimensions between two looks at whether a distance is already too long. */
const STRIDE = 32;

/** Nearest reference texts of one vector. */
export interface Found {
  /** Reference ids, nearest first; the caller copies what it keeps. */
  readonly index: Int32Array;
  /** Euclidean distances, ascending. */
  readonly distance: Float32Array;
}

/**
 * Finds the nearest reference texts of new vectors: all compared in a small map; in a large one from the leaves
 * of a few split trees on through the neighbours of neighbours. Holds buffers of n numbers; one question at a time.
 *
 * @see the walk: Hajebi et al. 2011, doi:10.5591/978-1-57735-516-8/IJCAI11-222
 */
export class ReferenceSearch {
  private readonly projection: FrozenProjection;
  private readonly trees: readonly SplitTree[];
  private readonly start: Int32Array;
  private readonly target: Int32Array;
  private readonly seen: Int32Array;
  private question = 0;
  private held = 0;
  private readonly ids: Int32Array;
  private readonly away: Float64Array;
  private readonly open: Uint8Array;

  constructor(projection: FrozenProjection) {
    this.projection = projection;
    const { n, d, k, vectors, seed } = projection;
    const random = seededRandom(seed);
    this.trees = n <= EXACT_LIMIT ? [] : Array.from({ length: TREES }, () => buildSplitTree(vectors, n, d, random));
    [this.start, this.target] = n <= EXACT_LIMIT ? [new Int32Array(0), new Int32Array(0)] : bothWays(projection);
    this.seen = new Int32Array(n);
    const room = Math.max(BREADTH, k);
    this.ids = new Int32Array(room);
    this.away = new Float64Array(room);
    this.open = new Uint8Array(room);
  }

  /**
   * @param vector  d numbers, finite
   * @param wanted  cut to n; at most the map's own columns are found reliably
   */
  find(vector: Float32Array, wanted: number): Found {
    const { n } = this.projection;
    const size = Math.min(wanted, n);
    this.held = 0;
    this.question++;
    if (n <= EXACT_LIMIT) for (let id = 0; id < n; id++) this.offer(vector, id, size);
    else this.walk(vector, Math.max(BREADTH, size));
    const found = Math.min(size, this.held);
    return {
      index: this.ids.slice(0, found),
      distance: Float32Array.from({ length: found }, (_, at) => Math.sqrt(this.away[at]!))
    };
  }

  private walk(vector: Float32Array, room: number): void {
    const { vectors, d } = this.projection;
    for (const tree of this.trees) for (const id of leafOf(tree, vectors, d, vector)) this.offer(vector, id, room);
    for (;;) {
      let next = 0;
      while (next < this.held && this.open[next] === 0) next++;
      if (next === this.held) return;
      this.open[next] = 0;
      const id = this.ids[next]!;
      for (let at = this.start[id]!; at < this.start[id + 1]!; at++) this.offer(vector, this.target[at]!, room);
    }
  }

  /** Takes a reference text among the nearest `room` unless it was looked at before. */
  private offer(vector: Float32Array, id: number, room: number): void {
    if (this.seen[id] === this.question) return;
    this.seen[id] = this.question;
    const { ids, away, open } = this;
    const { vectors, d } = this.projection;
    const limit = this.held === room ? away[room - 1]! : Infinity;
    const distance = squaredAway(vectors, id * d, vector, d, limit);
    if (distance >= limit) return;
    let slot = this.held < room ? this.held++ : room - 1;
    for (; slot > 0 && away[slot - 1]! > distance; slot--) {
      ids[slot] = ids[slot - 1]!;
      away[slot] = away[slot - 1]!;
      open[slot] = open[slot - 1]!;
    }
    ids[slot] = id;
    away[slot] = distance;
    open[slot] = 1;
  }
}

/**
 * Squared Euclidean distance of a row that begins at `from` to a vector; a sum that has reached `limit` after some
 * dimensions is given back as it is, since it can only grow.
 */
function squaredAway(vectors: Float32Array, from: number, vector: Float32Array, d: number, limit: number): number {
  let sum = 0;
  let at = 0;
  for (; at + STRIDE <= d && sum < limit; ) {
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (const end = at + STRIDE; at < end; at += 4) {
      const d0 = vectors[from + at]! - vector[at]!;
      const d1 = vectors[from + at + 1]! - vector[at + 1]!;
      const d2 = vectors[from + at + 2]! - vector[at + 2]!;
      const d3 = vectors[from + at + 3]! - vector[at + 3]!;
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    sum += s0 + s1 + (s2 + s3);
  }
  if (sum >= limit) return sum;
  for (; at < d; at++) sum += (vectors[from + at]! - vector[at]!) ** 2;
  return sum;
}

/** Neighbours in both directions, in compressed rows. */
function bothWays({ n, k, neighbours }: FrozenProjection): [Int32Array, Int32Array] {
  const start = new Int32Array(n + 1);
  const eachPair = (visit: (a: number, b: number) => void) => {
    for (let i = 0; i < n; i++) {
      for (let at = i * k + 1; at < (i + 1) * k; at++) {
        visit(i, neighbours[at]!);
        visit(neighbours[at]!, i);
      }
    }
  };
  eachPair((a) => start[a + 1]!++);
  for (let i = 0; i < n; i++) start[i + 1]! += start[i]!;
  const fill = start.slice(0, n);
  const target = new Int32Array(start[n]!);
  eachPair((a, b) => {
    target[fill[a]!++] = b;
  });
  return [start, target];
}
