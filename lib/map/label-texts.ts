import { buildDensityTree, cutDensityTree, type DensityTree, NOISE } from "./hdbscan.ts";
import type { Neighbours } from "./neighbour-table.ts";
import { fillNoise } from "./noise-fill.ts";

/** What clusters of a map are drawn from; whatever the smallest cluster, it stays as it is. Nobody changes its arrays. */
export interface ClusterGround {
  /** Distinct texts x 2. */
  readonly positions: Float64Array;
  /** Traces of each text. */
  readonly counts: Int32Array;
  /** Distinct texts x k: each text itself, then those most alike. */
  readonly near: Int32Array;
  readonly k: number;
  /** By trace: its distinct text, -1 without text. */
  readonly owner: Int32Array;
}

/** Clusters of texts, the largest in traces 0. */
export interface TextLabels {
  /** By text; NOISE in none. */
  readonly clusterOf: Int32Array;
  readonly count: number;
}

/** The density tree for a smallest cluster: the same for all from ten traces up. */
export function densityTreeFor(positions: Float64Array, counts: Int32Array, least: number): DensityTree {
  return buildDensityTree(positions, counts, samplesFor(least));
}

/** Traces that a dense neighbourhood holds at least, by the smallest cluster. */
export function samplesFor(least: number): number {
  return Math.min(least, 10);
}

/**
 * Clusters of a density tree at one smallest cluster; a text in none joins that of most of its neighbours.
 *
 * @param tree    of `densityTreeFor` with the same `samplesFor`
 * @param settle  what a refit makes of the clusters before texts join them
 */
export function labelTexts(
  tree: DensityTree,
  neighbours: Pick<Neighbours, "k" | "index">,
  least: number,
  settle: (dense: Int32Array) => Int32Array = (dense) => dense
): TextLabels {
  const labels = fillNoise(settle(cutDensityTree(tree, least)), neighbours);
  const { order, count } = orderBySize(labels, tree.counts);
  return { clusterOf: labels.map((label) => (label < 0 ? NOISE : order[label]!)), count };
}

/** Smallest cluster where nobody chose one: 0.3 times the root of the traces, at least 5, a third of a small map. */
export function defaultClusterSize(traces: number): number {
  if (traces < 15) return Math.max(2, Math.floor(traces / 3));
  return Math.max(5, Math.round(0.3 * Math.sqrt(traces)));
}

/** Ids by size in traces after noise found its clusters: old id → new id. */
function orderBySize(labels: Int32Array, counts: Int32Array): { readonly order: Int32Array; readonly count: number } {
  const count = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const sizes = new Float64Array(count);
  labels.forEach((label, text) => {
    if (label >= 0) sizes[label]! += counts[text]!;
  });
  const ranked = Array.from(sizes.keys()).sort((a, b) => sizes[b]! - sizes[a]! || a - b);
  const order = new Int32Array(count);
  ranked.forEach((from, to) => {
    order[from] = to;
  });
  return { order, count };
}
