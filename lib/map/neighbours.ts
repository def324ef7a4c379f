import type { Neighbours } from "./neighbour-table.ts";
import { descendNeighbours } from "./nn-descent.ts";
import { squaredDistance } from "./squared-distance.ts";

/** Up to this many points every pair is compared. */
const EXACT_LIMIT = 2048;

/**
 * Nearest neighbours by Euclidean distance: exact for small maps, by descent for larger ones.
 *
 * @param vectors  n x d, row after row, finite
 * @param k        columns wanted, the point itself included; cut to n
 * @param onProgress  told a share 0..1 of the work
 */
export function buildNeighbours(
  vectors: Float32Array,
  n: number,
  d: number,
  k: number,
  seed: number,
  onProgress: (share: number) => void = ignore
): Neighbours {
  const columns = Math.min(k, n);
  return n <= EXACT_LIMIT
    ? exactNeighbours(vectors, n, d, columns)
    : descendNeighbours(vectors, n, d, columns, seed, onProgress);
}

/** Nearest neighbours by comparing every pair; n x n / 2 distances. */
export function exactNeighbours(vectors: Float32Array, n: number, d: number, k: number): Neighbours {
  const index = new Int32Array(n * k);
  const distance = new Float32Array(n * k);
  const all = new Float32Array(n);
  const near = new Int32Array(k);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) all[j] = j === i ? -1 : squaredDistance(vectors, i * d, j * d, d);
    let held = 0;
    for (let j = 0; j < n; j++) {
      const value = all[j]!;
      if (held === k && value >= all[near[k - 1]!]!) continue;
      let slot = held < k ? held++ : k - 1;
      while (slot > 0 && all[near[slot - 1]!]! > value) {
        near[slot] = near[slot - 1]!;
        slot--;
      }
      near[slot] = j;
    }
    for (let column = 0; column < k; column++) {
      index[i * k + column] = near[column]!;
      distance[i * k + column] = Math.sqrt(Math.max(0, all[near[column]!]!));
    }
  }
  return { n, k, index, distance };
}

function ignore(): void {
  // Progress that nobody asked for.
}
