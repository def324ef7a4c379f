import type { Neighbours } from "./neighbour-table.ts";

/** Points of a leaf of the random planes; more are parted. */
export const LEAF = 64;
/** New, and known, neighbours of a point that a round compares. */
export const CANDIDATES = 32;

/** Places in memory for so many neighbours: whole fours, as vector registers read them. */
export function neighbourSlots(others: number): number {
  return Math.ceil(others / 4) * 4;
}

/** What a search holds of all points. */
export interface HeldNeighbours {
  /** From point i times `stride` on, `others` ids in any order. */
  readonly index: Int32Array;
  /** Squared, at the places of `index`. */
  readonly distance: Float32Array;
  readonly stride: number;
  readonly others: number;
  /** The id that each point of the search has outside. */
  readonly order: Int32Array;
}

/**
 * The table of what a search holds.
 *
 * @param k  columns wanted, the point itself included; at most `others` + 1
 */
export function readNeighbours(
  { index, distance, stride, others, order }: HeldNeighbours,
  n: number,
  k: number
): Neighbours {
  const table = { n, k, index: new Int32Array(n * k), distance: new Float32Array(n * k) };
  const ids = new Int32Array(others);
  const squared = new Float32Array(others);
  for (let i = 0; i < n; i++) {
    for (let held = 0; held < others; held++) {
      const id = order[index[i * stride + held]!]!;
      const value = distance[i * stride + held]!;
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
