import { type PlaneTree, pushChildren } from "./plane-tree.ts";

/**
 * How far each point must reach to hold `samples` points, itself and repeats counted.
 *
 * @param counts  how many coincide at each point, by point id
 * @returns squared distances in the tree's own order
 */
export function coreDistances(tree: PlaneTree, counts: Int32Array, samples: number): Float64Array {
  const { n, order, places, box } = tree;
  const core = new Float64Array(n);
  const distance = new Float64Array(samples + 1);
  const count = new Int32Array(samples + 1);
  const stack = new Int32Array(128);
  const away = new Float64Array(128);
  for (let at = 0; at < n; at++) {
    const [x, y] = [places[at * 2]!, places[at * 2 + 1]!];
    let held = 0;
    let total = 0;
    // The list keeps the nearest entries whose counts just reach `samples`.
    const offer = (other: number) => {
      const value = (places[other * 2]! - x) ** 2 + (places[other * 2 + 1]! - y) ** 2;
      if (total >= samples && value >= distance[held - 1]!) return;
      let slot = held++;
      for (; slot > 0 && distance[slot - 1]! > value; slot--) {
        distance[slot] = distance[slot - 1]!;
        count[slot] = count[slot - 1]!;
      }
      distance[slot] = value;
      count[slot] = counts[order[other]!]!;
      total += count[slot]!;
      while (total - count[held - 1]! >= samples) total -= count[--held]!;
    };
    let depth = 1;
    stack[0] = 0;
    away[0] = 0;
    while (depth > 0) {
      const node = stack[--depth]!;
      if (total >= samples && away[depth]! >= distance[held - 1]!) continue;
      if (node >= tree.firstLeaf) {
        for (let other = tree.from[node]!; other < tree.to[node]!; other++) offer(other);
      } else {
        depth = pushChildren(box, node, x, y, stack, away, depth);
      }
    }
    core[at] = held > 0 ? distance[held - 1]! : 0;
  }
  return core;
}
