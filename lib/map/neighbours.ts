import { checkVectors } from "./check-vectors.ts";
import { chooseKernels } from "./choose-kernels.ts";
import type { Kernels } from "./kernels.ts";
import type { Neighbours } from "./neighbour-table.ts";
import { descendNeighbours } from "./nn-descent.ts";

/** Up to this many points every pair is compared. */
const EXACT_LIMIT = 2048;

/**
 * Nearest neighbours by Euclidean distance: exact for small maps, by descent for larger ones.
 *
 * @param vectors  n x d, row after row; a Fault `invalid` where one holds no number
 * @param k        columns wanted, the point itself included; cut to n
 * @param onProgress  told a share 0..1 of the work
 */
export function buildNeighbours(
  vectors: Float32Array,
  n: number,
  d: number,
  k: number,
  seed: number,
  onProgress: (share: number) => void = () => undefined,
  kernels: Kernels = chooseKernels()
): Neighbours {
  checkVectors(vectors, n, d);
  const columns = Math.min(k, n);
  if (columns < 2) {
    return { n, k: columns, index: Int32Array.from({ length: n }, (_, i) => i), distance: new Float32Array(n) };
  }
  return n <= EXACT_LIMIT
    ? exactNeighbours(vectors, n, d, columns, kernels)
    : descendNeighbours(vectors, n, d, columns, seed, onProgress, kernels);
}

/** Nearest neighbours by comparing every pair, n x n / 2 distances; k is 2..n. */
export function exactNeighbours(
  vectors: Float32Array,
  n: number,
  d: number,
  k: number,
  kernels: Kernels = chooseKernels()
): Neighbours {
  const search = kernels.searchNeighbours(vectors, n, d, k - 1, 0);
  search.joinAll(0, n);
  return search.finish(k);
}
