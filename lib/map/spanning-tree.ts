import { type PlaneTree, pushChildren } from "./plane-tree.ts";

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
  const { n, order, places, box } = tree;
  const parent = tree.order.slice().sort();
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
  const edgeA = new Int32Array(n - 1);
  const edgeB = new Int32Array(n - 1);
  const squared = new Float64Array(n - 1);
  let edges = 0;
  const best = new Float64Array(n);
  const bestFrom = new Int32Array(n);
  const bestTo = new Int32Array(n);
  // No point outside its group is nearer than `near`; where `target` is outside, it is that far. Groups only grow,
  // so what one round has learnt holds in the next.
  const near = core.slice();
  const target = new Int32Array(n).fill(-1);
  const stack = new Int32Array(128);
  const away = new Float64Array(128);
  const search = (at: number, own: number) => {
    const [x, y] = [places[at * 2]!, places[at * 2 + 1]!];
    const floor = core[at]!;
    let least = best[own]!;
    let found = -1;
    let depth = 1;
    stack[0] = 0;
    away[0] = 0;
    while (depth > 0 && least > floor) {
      const node = stack[--depth]!;
      if (away[depth]! >= least || nodeGroup[node] === own || leastCore[node]! >= least) continue;
      if (node < tree.firstLeaf) {
        depth = pushChildren(box, node, x, y, stack, away, depth);
        continue;
      }
      for (let other = tree.from[node]!; other < tree.to[node]!; other++) {
        if (group[other] === own) continue;
        const apart = (places[other * 2]! - x) ** 2 + (places[other * 2 + 1]! - y) ** 2;
        const reach = Math.max(apart, floor, core[other]!);
        if (reach >= least) continue;
        least = reach;
        found = other;
      }
    }
    near[at] = least;
    target[at] = found;
  };
  const offer = (at: number, own: number) => {
    if (near[at]! >= best[own]!) return;
    best[own] = near[at]!;
    bestFrom[own] = at;
    bestTo[own] = target[at]!;
  };
  while (edges < n - 1) {
    for (let at = 0; at < n; at++) group[at] = find(at);
    for (let node = tree.nodes - 1; node >= 0; node--) nodeGroup[node] = groupOf(tree, group, nodeGroup, node);
    best.fill(Infinity);
    const isKnown = (at: number) => target[at]! >= 0 && group[target[at]!] !== group[at];
    for (let at = 0; at < n; at++) if (isKnown(at)) offer(at, group[at]!);
    for (let at = 0; at < n; at++) {
      const own = group[at]!;
      if (near[at]! >= best[own]! || isKnown(at)) continue;
      search(at, own);
      if (target[at]! >= 0) offer(at, own);
    }
    for (let own = 0; own < n; own++) {
      if (best[own] === Infinity || group[own] !== own) continue;
      const [a, b] = [find(bestFrom[own]!), find(bestTo[own]!)];
      if (a === b) continue;
      parent[Math.max(a, b)] = Math.min(a, b);
      edgeA[edges] = order[bestFrom[own]!]!;
      edgeB[edges] = order[bestTo[own]!]!;
      squared[edges++] = best[own]!;
    }
  }
  const ranked = Uint32Array.from(squared.keys()).sort(
    (p, q) => squared[p]! - squared[q]! || edgeA[p]! - edgeA[q]! || edgeB[p]! - edgeB[q]!
  );
  return {
    a: Int32Array.from(ranked, (edge) => edgeA[edge]!),
    b: Int32Array.from(ranked, (edge) => edgeB[edge]!),
    length: Float64Array.from(ranked, (edge) => Math.sqrt(squared[edge]!))
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
