import { type LayoutHolder, runLayout } from "./layout.ts";
import type { Neighbours } from "./neighbour-table.ts";

/** A refit has this many epochs at a quarter of the rate of a first layout: enough to settle what is new, too little to turn the rest over. */
const EPOCHS = 60;
const RATE = 0.25;

/**
 * Lays points out anew from places they already have, so that what has not changed stays near where it was.
 *
 * @param positions   n x 2, where each point stands so far; changed and given back
 * @param neighbours  of the same points
 * @param onProgress  told epochs done and in all
 */
export function refineLayout(
  positions: Float64Array,
  neighbours: Neighbours,
  seed: number,
  onProgress?: (done: number, total: number) => void,
  holder?: LayoutHolder
): Float64Array {
  return runLayout(positions, neighbours, { seed, nEpochs: EPOCHS, rate: RATE }, onProgress, holder);
}
