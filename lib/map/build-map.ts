import type { Cluster } from "../model/run.ts";
import type { Boilerplate } from "./boilerplate.ts";
import { type OpenCheckpoint, openNoCheckpoint } from "./checkpoint.ts";
import { listClusters } from "./cluster-list.ts";
import { describeClusters } from "./cluster-words.ts";
import { NOISE } from "./hdbscan.ts";
import { type ClusterGround, defaultClusterSize, densityTreeFor, labelTexts } from "./label-texts.ts";
import type { OnProgress } from "./map-progress.ts";
import { MapSteps } from "./map-steps.ts";
import type { Neighbours } from "./neighbour-table.ts";
import { type NoveltyScale, pointNovelty } from "./novelty.ts";
import { type GivenVectors, prepareTexts } from "./prepared-texts.ts";
import { spreadPoints } from "./spread-points.ts";
import type { TextVectors } from "./text-vectors.ts";
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
  /** For other clusters of the same points; null where there are too many. */
  readonly ground: ClusterGround | null;
  /** What was left out of the texts. */
  readonly boilerplate: Boilerplate;
}

/** A map with all that it was made from; arrays by distinct text unless said otherwise. */
export interface DrawnMap {
  readonly map: BuiltMap;
  readonly folded: DistinctTexts;
  /** The vectors; made where the map went on without them. */
  made(): TextVectors;
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

/**
 * From texts to points, clusters and words. Every step is seeded: the same input gives the same bytes,
 * and the same texts in another order the same map of distinct texts.
 */
export function buildMap(
  input: MapInput,
  onProgress: OnProgress = () => undefined,
  openCheckpoint: OpenCheckpoint = openNoCheckpoint
): BuiltMap {
  return drawMap(input, onProgress, openCheckpoint).map;
}

/**
 * The chain of `buildMap` with what its steps made.
 *
 * @param openCheckpoint  where steps are kept that another try can go on from; it ends in the same bits
 * @param anchor  what a refit holds on to; a first map has none
 */
export function drawMap(
  input: MapInput,
  onProgress: OnProgress,
  openCheckpoint: OpenCheckpoint = openNoCheckpoint,
  anchor?: Anchor
): DrawnMap {
  const { seed } = input;
  onProgress("vectors", 0, 100);
  const { folded, boilerplate } = input.given?.prepared ?? prepareTexts(input.texts, anchor?.boilerplate);
  const table = buildWordTable(folded.texts.map(wordsOf));
  const start = anchor?.startOf(folded.texts) ?? null;
  const checkpoint = openCheckpoint({
    texts: folded.texts,
    seed,
    neighbours: input.neighbours,
    given: input.given ?? null,
    start
  });
  const steps = new MapSteps({ input, texts: folded.texts, table, checkpoint, onProgress });
  const { neighbours, unseen } = steps.neighbours();
  // UMAP's own count of neighbours has the point itself among them.
  const near = withColumns(neighbours, input.neighbours);
  const laidOut = steps.layout(near, start);
  const positions = anchor ? anchor.align(laidOut, folded.texts, near) : laidOut;

  steps.tell("clusters", 0, 1);
  const traces = folded.counts.reduce((sum, count) => sum + count, 0);
  const least = input.minClusterSize > 0 ? Math.max(2, input.minClusterSize) : defaultClusterSize(traces);
  const tree = densityTreeFor(positions, folded.counts, least);
  const { clusterOf, count } = labelTexts(tree, neighbours, least, (dense) =>
    anchor ? anchor.settle(dense, folded, neighbours, least) : dense
  );
  const { novelty, scale } = pointNovelty(neighbours, folded.counts, unseen);
  steps.tell("clusters", 1, 1);

  steps.tell("words", 0, 1);
  const words = describeClusters(table, clusterOf, folded.counts, count);
  const { x, y } = spreadPoints(positions, folded.owner, folded.counts, seed);
  const cluster = folded.owner.map((text) => (text < 0 ? NOISE : clusterOf[text]!));
  const clusters = listClusters({ x, y, cluster, traceIds: input.traceIds }, words, folded.owner);
  steps.tell("words", 1, 1);
  // Other clusters of the same map stand on these; a refit is made once.
  checkpoint.finish(anchor ? [] : ["neighbours", "layout"]);
  const map = {
    x,
    y,
    cluster,
    novelty: Float32Array.from(folded.owner, (text) => (text < 0 ? 0 : novelty[text]!)),
    clusters,
    vectors: steps.method,
    ground: groundOf(positions, folded, neighbours),
    boilerplate
  };
  return {
    map,
    folded,
    made: () => steps.vectors(),
    model: input.given?.model ?? null,
    neighbours,
    positions,
    clusterOf,
    novelty,
    noveltyScale: scale
  };
}

/** What others cluster anew is given to them up to this many texts: beyond, it would be too much to send. */
const mostGroundTexts = 200_000;

function groundOf(positions: Float64Array, { counts, owner }: DistinctTexts, near: Neighbours): ClusterGround | null {
  return near.n > 0 && near.n <= mostGroundTexts ? { positions, counts, near: near.index, k: near.k, owner } : null;
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
