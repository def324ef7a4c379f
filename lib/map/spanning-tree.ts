import { boxDistance, type PlaneTree } from "./plane-tree.ts";

/** n - 1 edges that join all points at least total length, shortest first. */
export interface SpanningTree {
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** Mutual reachability distance. */
  readonly length: Float64Array;
}

/**
 * The exact minimum spanning tree under mutual reachability: the largest of two points' core distances
 * and their own distance.
 *
 * @param core  squared core distances in the tree's order
 * @see Boruvka with a tree over the plane: March, Ram, Gray 2010, doi:10.1145/1835804.1835882
 */
export function buildSpanningTree(tree: PlaneTree, core: Float64Array): SpanningTree {
  const { n, order, places } = tree;
  const parent = Int32Array.from({ length: n }, (_, i) => i);
  const find = (i: number): number => {
    let root = i;
    while (parent[root] !== root) root = parent[root]!;
    for (let at = i; at !== root; ) {
      const next = parent[at]!;
      parent[at] = root;
      at = next;
    }
    return root;
  };
  const leastCore = new Float64Array(tree.nodes);
  const nodeGroup = new Int32Array(tree.nodes);
  const group = new Int32Array(n);
  for (let node = tree.nodes - 1; node >= 0; node--) {
    let least = Infinity;
    if (node >= tree.firstLeaf)
      for (let at = tree.from[node]!; at < tree.to[node]!; at++) least = Math.min(least, core[at]!);
    else least = Math.min(leastCore[2 * node + 1]!, leastCore[2 * node + 2]!);
    leastCore[node] = least;
  }
  const edges: { readonly a: number; readonly b: number; readonly squared: number }[] = [];
  const best = new Float64Array(n);
  const bestFrom = new Int32Array(n);
  const bestTo = new Int32Array(n);
  const stack = new Int32Array(128);
  while (edges.length < n - 1) {
    for (let at = 0; at < n; at++) group[at] = find(at);
    for (let node = tree.nodes - 1; node >= 0; node--) nodeGroup[node] = groupOf(tree, group, nodeGroup, node);
    best.fill(Infinity);
    for (let at = 0; at < n; at++) {
      const own = group[at]!;
      if (core[at]! >= best[own]!) continue;
      const [x, y] = [places[at * 2]!, places[at * 2 + 1]!];
      let depth = 0;
      stack[depth++] = 0;
      while (depth > 0) {
        const node = stack[--depth]!;
        if (nodeGroup[node] === own || leastCore[node]! >= best[own]!) continue;
        if (boxDistance(tree, node, x, y) >= best[own]!) continue;
        if (node < tree.firstLeaf) {
          const [a, b] = [2 * node + 1, 2 * node + 2];
          const nearerIsA = boxDistance(tree, a, x, y) <= boxDistance(tree, b, x, y);
          stack[depth++] = nearerIsA ? b : a;
          stack[depth++] = nearerIsA ? a : b;
          continue;
        }
        for (let other = tree.from[node]!; other < tree.to[node]!; other++) {
          if (group[other] === own) continue;
          const apart = (places[other * 2]! - x) ** 2 + (places[other * 2 + 1]! - y) ** 2;
          const reach = Math.max(apart, core[at]!, core[other]!);
          if (reach >= best[own]!) continue;
          best[own] = reach;
          bestFrom[own] = at;
          bestTo[own] = other;
        }
      }
    }
    for (let own = 0; own < n; own++) {
      if (best[own] === Infinity || group[own] !== own) continue;
      const [a, b] = [find(bestFrom[own]!), find(bestTo[own]!)];
      if (a === b) continue;
      parent[Math.max(a, b)] = Math.min(a, b);
      edges.push({ a: order[bestFrom[own]!]!, b: order[bestTo[own]!]!, squared: best[own]! });
    }
  }
  edges.sort((p, q) => p.squared - q.squared || p.a - q.a || p.b - q.b);
  return {
    a: Int32Array.from(edges, ({ a }) => a),
    b: Int32Array.from(edges, ({ b }) => b),
    length: Float64Array.from(edges, ({ squared }) => Math.sqrt(squared))
  };
}

/** The one group all points of a node are in, or -1. */
function groupOf(tree: PlaneTree, group: Int32Array, nodeGroup: Int32Array, node: number): number {
  if (node < tree.firstLeaf) {
    const left = nodeGroup[2 * node + 1]!;
    return left === nodeGroup[2 * node + 2] ? left : -1;
  }
  const first = group[tree.from[node]!]!;
  for (let at = tree.from[node]! + 1; at < tree.to[node]!; at++) if (group[at] !== first) return -1;
  return first;
}
