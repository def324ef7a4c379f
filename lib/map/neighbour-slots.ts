import type { Neighbours } from "./neighbour-table.ts";

/** Points of a leaf of the random planes; more are parted. */
export const LEAF = 32;
/** New, and known, neighbours of a point that a round compares. */
export const CANDIDATES = 32;

/** Places in memory for so many neighbours: whole fours, as vector registers read them. */
export function neighbourSlots(others: number): number {
  return Math.ceil(others / 4) * 4;
}

/**
 * The table of what a search holds.
 *
 * @param index     per point `neighbourSlots` places, the first `others` of them used, in any order
 * @param distance  squared, beside `index`
 * @param order     the id that each point of the search has outside
 * @param k         columns wanted, the point itself included; at most `others` + 1
 */
export function readNeighbours(
  index: Int32Array,
  distance: Float32Array,
  n: number,
  others: number,
  order: Int32Array,
  k: number
): Neighbours {
  const slots = neighbourSlots(others);
  const table = { n, k, index: new Int32Array(n * k), distance: new Float32Array(n * k) };
  const ids = new Int32Array(others);
  const squared = new Float32Array(others);
  for (let i = 0; i < n; i++) {
    for (let held = 0; held < others; held++) {
      const id = order[index[i * slots + held]!]!;
      const value = distance[i * slots + held]!;
      let at = held;
      for (; at > 0; at--) {
        const before = squared[at - 1]!;
        if (before < value || (before === value && ids[at - 1]! < id)) break;
        squared[at] = before;
        ids[at] = ids[at - 1]!;
      }
      squared[at] = value;
      ids[at] = id;
    }
    const to = order[i]! * k;
    table.index[to] = order[i]!;
    for (let at = 1; at < k; at++) {
      table.index[to + at] = ids[at - 1]!;
      table.distance[to + at] = Math.sqrt(squared[at - 1]!);
    }
  }
  return table;
}
