import { KernelUmap } from "./kernel-umap.ts";
import type { Kernels } from "./kernels.ts";
import type { Neighbours } from "./neighbour-table.ts";
import { principalStart } from "./principal-start.ts";

/** A layout that stood still between two epochs. */
export interface HeldLayout {
  /** Epochs behind it, and of how many. */
  readonly done: number;
  readonly total: number;
  /** n x 2. */
  readonly positions: Float32Array;
}

/** Where a layout can go on from, and who is offered to hold it as it goes. */
export interface LayoutHolder {
  /** What to go on from; undefined begins. */
  readonly held: HeldLayout | undefined;
  /** Offered every few epochs and at the end; what is not wanted is not looked up. */
  offer(look: () => HeldLayout, isLast: boolean): void;
}

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
  const start = principalStart(vectors, neighbours.n, d, seed);
  return runLayout(start, neighbours, { seed, ...(kernels ? { kernels } : {}) }, onProgress);
}

/**
 * Lays points out from where they stand.
 *
 * @param positions  n x 2; changed and given back
 * @param settings   `rate` of learning is umap-js's own where it is absent, as is the count of epochs
 * @param holder     where it goes on from an epoch, the end has the bits that it would have had without a pause
 */
export function runLayout(
  positions: Float64Array,
  neighbours: Neighbours,
  settings: { readonly seed: number; readonly nEpochs?: number; readonly rate?: number; readonly kernels?: Kernels },
  onProgress?: (done: number, total: number) => void,
  holder?: LayoutHolder
): Float64Array {
  // With fewer than four points there is nothing to arrange beyond the start.
  if (neighbours.n < 4) return positions;
  const { rate, ...rest } = settings;
  const held = holder?.held;
  if (held) positions.set(held.positions);
  if (held && held.done >= held.total) return positions;
  const umap = new KernelUmap(neighbours, positions, { ...rest, done: held?.done ?? 0 });
  const epochs = umap.prepare();
  if (rate !== undefined) umap.learningRate = rate;
  for (let epoch = held?.done ?? 0; epoch < epochs; ) {
    epoch = umap.step();
    if (epoch % 10 !== 0 && epoch !== epochs) continue;
    onProgress?.(epoch, epochs);
    const look = () => ({ done: epoch, total: epochs, positions: Float32Array.from(umap.look()) });
    holder?.offer(look, epoch === epochs);
  }
  return positions;
}
