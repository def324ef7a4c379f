import type { Cluster } from "../model/run.ts";
import type { Boilerplate } from "./boilerplate.ts";
import { listClusters } from "./cluster-list.ts";
import { describeClusters } from "./cluster-words.ts";
import { clusterPoints, NOISE } from "./hdbscan.ts";
import { buildLayout } from "./layout.ts";
import type { Neighbours } from "./neighbour-table.ts";
import { buildNeighbours } from "./neighbours.ts";
import { fillNoise } from "./noise-fill.ts";
import { type NoveltyScale, pointNovelty } from "./novelty.ts";
import { type GivenVectors, prepareTexts } from "./prepared-texts.ts";
import { refineLayout } from "./refine-layout.ts";
import { spreadPoints } from "./spread-points.ts";
import { buildTextVectors, type TextVectors, takeVectors } from "./text-vectors.ts";
import { type DistinctTexts, wordsOf } from "./texts.ts";
import { buildWordTable } from "./vocabulary.ts";

/** What to map; one text and one id per trace. */
export interface MapInput {
  readonly texts: readonly string[];
  readonly traceIds: readonly string[];
  readonly seed: number;
  /** Neighbours per point, 2..200. */
  readonly neighbours: number;
  /** Smallest cluster in traces; 0 lets the size decide, see `defaultClusterSize`. */
  readonly minClusterSize: number;
  /** Vectors of these very texts that a model gave; without them they are made here. */
  readonly given?: GivenVectors | null;
}

/** A finished map; arrays have one entry per trace, in the order given. */
export interface BuiltMap {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly cluster: Int32Array;
  readonly novelty: Float32Array;
  readonly clusters: readonly Cluster[];
  readonly vectors: string;
}

/** The steps of a map, in order. */
export type MapStep = "vectors" | "neighbours" | "layout" | "clusters" | "words";

/** A map with all that it was made from; arrays by distinct text unless said otherwise. */
export interface DrawnMap {
  readonly map: BuiltMap;
  readonly folded: DistinctTexts;
  /** What was left out of the texts. */
  readonly boilerplate: Boilerplate;
  readonly made: TextVectors;
  /** Model that gave the vectors; null where they were made here. */
  readonly model: string | null;
  /** The point itself and `input.neighbours` others. */
  readonly neighbours: Neighbours;
  /** n x 2. */
  readonly positions: Float64Array;
  readonly clusterOf: Int32Array;
  readonly novelty: Float32Array;
  readonly noveltyScale: NoveltyScale;
}

/** Where a refit starts, what it is laid back upon and which groups it had; texts are cleaned and distinct, places n x 2. */
export interface Anchor {
  /** What is left out of the texts. */
  readonly boilerplate: Boilerplate;
  startOf(texts: readonly string[]): Float64Array;
  align(positions: Float64Array, texts: readonly string[], neighbours: Neighbours): Float64Array;
  /** Clusters that stay what they were where they can, from those of the new places alone, see `steadyClusters`. */
  settle(free: Int32Array, texts: DistinctTexts, neighbours: Neighbours, least: number): Int32Array;
}

/** Told a step and how much of it is done, of how much. */
export type OnProgress = (step: MapStep, done: number, total: number) => void;

/**
 * From texts to points, clusters and words. Every step is seeded: the same input gives the same bytes,
 * and the same texts in another order the same map of distinct texts.
 */
export function buildMap(input: MapInput, onProgress: OnProgress = () => undefined): BuiltMap {
  return drawMap(input, onProgress).map;
}

/**
 * The chain of `buildMap` with what its steps made.
 *
 * @param anchor  what a refit holds on to; a first map has none
 */
export function drawMap(input: MapInput, onProgress: OnProgress, anchor?: Anchor): DrawnMap {
  const { seed } = input;
  onProgress("vectors", 0, 100);
  const { folded, boilerplate } = input.given?.prepared ?? prepareTexts(input.texts, anchor?.boilerplate);
  const n = folded.texts.length;
  const table = buildWordTable(folded.texts.map(wordsOf));
  const made = input.given
    ? takeVectors(folded.texts, input.given.vectors, input.given.d, input.given.model)
    : buildTextVectors(folded.texts, table, seed, (share) => onProgress("vectors", Math.round(share * 100), 100));

  onProgress("neighbours", 0, 100);
  const neighbours = buildNeighbours(made.vectors, n, made.d, input.neighbours + 1, seed, (share) =>
    onProgress("neighbours", Math.round(share * 100), 100)
  );
  // UMAP's own count of neighbours has the point itself among them.
  const near = withColumns(neighbours, input.neighbours);
  const onEpoch = (done: number, total: number) => onProgress("layout", done, total);
  const positions = anchor
    ? anchor.align(refineLayout(anchor.startOf(folded.texts), near, seed, onEpoch), folded.texts, near)
    : buildLayout(made.vectors, made.d, near, seed, onEpoch);

  onProgress("clusters", 0, 1);
  const traces = folded.counts.reduce((sum, count) => sum + count, 0);
  const least = input.minClusterSize > 0 ? Math.max(2, input.minClusterSize) : defaultClusterSize(traces);
  const dense = clusterPoints(positions, folded.counts, least, Math.min(least, 10));
  const labels = fillNoise(anchor ? anchor.settle(dense, folded, neighbours, least) : dense, neighbours);
  const { novelty, scale } = pointNovelty(neighbours, folded.counts, made.unseen);
  onProgress("clusters", 1, 1);

  onProgress("words", 0, 1);
  const { order, count } = orderBySize(labels, folded.counts);
  const clusterOf = labels.map((label) => (label < 0 ? NOISE : order[label]!));
  const words = describeClusters(table, clusterOf, folded.counts, count);
  const { x, y } = spreadPoints(positions, folded.owner, folded.counts, seed);
  const cluster = folded.owner.map((text) => (text < 0 ? NOISE : clusterOf[text]!));
  const clusters = listClusters({ x, y, cluster, traceIds: input.traceIds }, words, folded.owner);
  onProgress("words", 1, 1);
  const map = {
    x,
    y,
    cluster,
    novelty: Float32Array.from(folded.owner, (text) => (text < 0 ? 0 : novelty[text]!)),
    clusters,
    vectors: made.method
  };
  const model = input.given?.model ?? null;
  return { map, folded, boilerplate, made, model, neighbours, positions, clusterOf, novelty, noveltyScale: scale };
}

/** Smallest cluster where nobody chose one: 0.3 times the root of the traces, at least 5, a third of a small map. */
export function defaultClusterSize(traces: number): number {
  if (traces < 15) return Math.max(2, Math.floor(traces / 3));
  return Math.max(5, Math.round(0.3 * Math.sqrt(traces)));
}

/** The first columns of a neighbour table. */
function withColumns(table: Neighbours, k: number): Neighbours {
  if (table.k <= k) return table;
  const index = new Int32Array(table.n * k);
  const distance = new Float32Array(table.n * k);
  for (let i = 0; i < table.n; i++) {
    index.set(table.index.subarray(i * table.k, i * table.k + k), i * k);
    distance.set(table.distance.subarray(i * table.k, i * table.k + k), i * k);
  }
  return { n: table.n, k, index, distance };
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
