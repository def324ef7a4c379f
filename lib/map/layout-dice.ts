import { seededRandom } from "../math/random.ts";

/** Uses of an edge for which points are drawn at a time; a multiple of four. */
export const DRAWN_USES = 256;

/** The states of the four streams that points are drawn from, none of them 0. */
export function layoutDice(seed: number): Int32Array {
  const random = seededRandom(seed);
  return Int32Array.from({ length: 4 }, () => 1 + Math.floor(random() * 0x7ffffffe));
}
