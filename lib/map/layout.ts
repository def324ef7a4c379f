import { KernelUmap } from "./kernel-umap.ts";
import type { Kernels } from "./kernels.ts";
import type { Neighbours } from "./neighbour-table.ts";
import { principalStart } from "./principal-start.ts";

/**
 * Lays points out on a plane so that neighbours stay neighbours.
 *
 * @param vectors     n x d, finite; their two main directions give the start
 * @param neighbours  of the same points
 * @param onProgress  told epochs done and in all
 * @returns n x 2, finite; the same input and seed give the same bytes
 */
export function buildLayout(
  vectors: Float32Array,
  d: number,
  neighbours: Neighbours,
  seed: number,
  onProgress?: (done: number, total: number) => void,
  kernels?: Kernels
): Float64Array {
  const { n } = neighbours;
  const positions = principalStart(vectors, n, d, seed);
  // With fewer than four points there is nothing to arrange beyond the main directions.
  if (n < 4) return positions;
  const umap = new KernelUmap(neighbours, positions, kernels ? { seed, kernels } : { seed });
  const epochs = umap.prepare();
  for (let epoch = 0; epoch < epochs; ) {
    epoch = umap.step();
    if (epoch % 10 === 0 || epoch === epochs) onProgress?.(epoch, epochs);
  }
  return positions;
}
