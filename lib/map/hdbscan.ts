import { coreDistances } from "./core-distance.ts";
import { buildPlaneTree } from "./plane-tree.ts";
import { buildSpanningTree, type SpanningTree } from "./spanning-tree.ts";

/** The cluster of points that are in none. */
export const NOISE = -1;

/** How points join as density falls; whatever the smallest cluster, it stays as it is. */
export interface DensityTree {
  /** Traces at each point. */
  readonly counts: Int32Array;
  /** By node, points first: the two nodes it joins, -1 for a point. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** By node: traces below it. */
  readonly weight: Float64Array;
  /** By joining, shortest first: distance at which node n + i joins. */
  readonly length: Float64Array;
}

/**
 * Clusters of dense points, exact HDBSCAN by stability. Where nothing ever splits, all points are one cluster
 * if they are enough.
 *
 * @param positions       n x 2, finite
 * @param counts          how many traces stand at each point
 * @param minClusterSize  traces, at least 2
 * @param minSamples      traces a dense neighbourhood holds; smooths chance away
 * @returns per point a cluster id, the largest cluster (in traces) 0, or NOISE
 * @see Campello, Moulavi, Sander 2013, doi:10.1007/978-3-642-37456-2_14
 */
export function clusterPoints(
  positions: Float64Array,
  counts: Int32Array,
  minClusterSize: number,
  minSamples: number
): Int32Array {
  return cutDensityTree(buildDensityTree(positions, counts, minSamples), minClusterSize);
}

/** The part of `clusterPoints` that takes time: kept, it answers for any smallest cluster. */
export function buildDensityTree(positions: Float64Array, counts: Int32Array, minSamples: number): DensityTree {
  if (counts.length === 0) {
    const none = new Int32Array(0);
    return { counts, left: none, right: none, weight: new Float64Array(0), length: new Float64Array(0) };
  }
  const tree = buildPlaneTree(positions);
  return mergeTree(buildSpanningTree(tree, coreDistances(tree, counts, Math.max(1, minSamples))), counts);
}

/** The clusters of a tree at one smallest cluster, see `clusterPoints`. */
export function cutDensityTree(tree: DensityTree, minClusterSize: number): Int32Array {
  if (tree.counts.length === 0) return new Int32Array(0);
  return rankBySize(chooseClusters(tree, Math.max(2, minClusterSize)), tree.counts);
}

/** A node of the tree that only keeps splits into two large parts. */
interface Branch {
  readonly parent: number;
  readonly birth: number;
  readonly top: number;
  stability: number;
  readonly children: number[];
}

function chooseClusters({ counts, left, right, weight, length }: DensityTree, least: number): Int32Array {
  const n = counts.length;
  // Densities are one over length; a length of zero would be without end, so it is held to a ten-thousandth of the longest.
  const shortest = (length.at(-1) ?? 1) * 1e-4 || 1;
  const densityOf = (node: number) => 1 / Math.max(shortest, length[node - n]!);
  const branches: Branch[] = [{ parent: -1, birth: 0, top: left.length - 1, stability: 0, children: [] }];
  const owner = new Int32Array(n).fill(0);
  for (let b = 0; b < branches.length; b++) {
    const branch = branches[b]!;
    const leave = (from: number, density: number) => {
      branch.stability += weight[from]! * (density - branch.birth);
      eachPoint(from, n, left, right, (point) => {
        owner[point] = b;
      });
    };
    let node = branch.top;
    for (;;) {
      if (node < n) {
        // A single place heavy enough to be a cluster stays dense down to the shortest length told apart.
        leave(node, 1 / shortest);
        break;
      }
      const density = densityOf(node);
      const [p, q] = [left[node]!, right[node]!];
      const [big, small] = [weight[p]! >= least, weight[q]! >= least];
      if (big && small) {
        branch.stability += weight[node]! * (density - branch.birth);
        for (const top of [p, q]) {
          branch.children.push(branches.length);
          branches.push({ parent: b, birth: density, top, stability: 0, children: [] });
        }
        break;
      }
      if (!big) leave(p, density);
      if (!small) leave(q, density);
      if (!big && !small) break;
      node = big ? p : q;
    }
  }
  const chosen = chooseBranches(branches);
  const label = branches.map(() => NOISE);
  branches.forEach((branch, b) => {
    label[b] = chosen[b] ? b : branch.parent < 0 ? NOISE : label[branch.parent]!;
  });
  if (branches.length === 1) label[0] = weight[branches[0]!.top]! >= least ? 0 : NOISE;
  return owner.map((b) => label[b]!);
}

/** From the leaves up: a branch is a cluster unless its parts are more stable together. The root is none. */
function chooseBranches(branches: readonly Branch[]): boolean[] {
  const value = branches.map(({ stability }) => stability);
  const chosen = branches.map((_, b) => b > 0);
  for (let b = branches.length - 1; b > 0; b--) {
    const { children } = branches[b]!;
    if (children.length === 0) continue;
    const parts = children.reduce((sum, child) => sum + value[child]!, 0);
    if (parts > value[b]!) {
      value[b] = parts;
      chosen[b] = false;
    }
  }
  branches.forEach(({ parent }, b) => {
    // A chosen ancestor takes everything below it; "taken" is passed down by unchoosing.
    for (let up = parent; up > 0; up = branches[up]!.parent) if (chosen[up]) chosen[b] = false;
  });
  return chosen;
}

/** Single linkage: node n + i joins by edge i. Arrays are indexed by node; points have no parts. */
function mergeTree(spanning: SpanningTree, counts: Int32Array): DensityTree {
  const n = counts.length;
  const left = new Int32Array(2 * n - 1).fill(-1);
  const right = new Int32Array(2 * n - 1).fill(-1);
  const weight = new Float64Array(2 * n - 1);
  weight.set(counts);
  const parent = Int32Array.from({ length: 2 * n - 1 }, (_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  for (let edge = 0; edge < n - 1; edge++) {
    const node = n + edge;
    left[node] = find(spanning.a[edge]!);
    right[node] = find(spanning.b[edge]!);
    weight[node] = weight[left[node]!]! + weight[right[node]!]!;
    parent[left[node]!] = node;
    parent[right[node]!] = node;
  }
  return { counts, left, right, weight, length: spanning.length };
}

function eachPoint(from: number, n: number, left: Int32Array, right: Int32Array, visit: (point: number) => void): void {
  const stack = [from];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node < n) visit(node);
    else stack.push(left[node]!, right[node]!);
  }
}

/** Numbers clusters by size in traces, the largest 0; ties by their first point. */
function rankBySize(labels: Int32Array, counts: Int32Array): Int32Array {
  const sizes = new Map<number, { size: number; first: number }>();
  labels.forEach((label, point) => {
    if (label === NOISE) return;
    const entry = sizes.get(label) ?? { size: 0, first: point };
    entry.size += counts[point]!;
    sizes.set(label, entry);
  });
  const ranked = [...sizes].sort(([, a], [, b]) => b.size - a.size || a.first - b.first);
  const idOf = new Map(ranked.map(([label], id) => [label, id]));
  return labels.map((label) => idOf.get(label) ?? NOISE);
}
