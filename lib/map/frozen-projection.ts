import { textHash } from "../math/random.ts";
import type { Boilerplate } from "./boilerplate.ts";
import type { DrawnMap } from "./build-map.ts";
import type { NoveltyScale } from "./novelty.ts";
import type { TextModel } from "./text-vectors.ts";

/** All that a built map needs to take new texts in without moving anything. Nobody changes its arrays. */
export interface FrozenProjection {
  /** Names this state of the map; stored selections and placements refer to it. */
  readonly version: string;
  readonly seed: number;
  /** Distinct reference texts. */
  readonly n: number;
  /** Dimensions of a vector. */
  readonly d: number;
  /** Columns of `neighbours`: the point itself first, then its nearest. */
  readonly k: number;
  /** How vectors are made, in words. */
  readonly method: string;
  /** Model that gives the vectors; null where they are made by `textModel`. */
  readonly model: string | null;
  /** What is left out of every text. */
  readonly boilerplate: Boilerplate;
  /** Turns texts into vectors; undefined where vectors come from elsewhere. */
  readonly textModel: TextModel | undefined;
  /** n x d, rows of length one. */
  readonly vectors: Float32Array;
  /** n x 2. */
  readonly positions: Float64Array;
  /** Cluster of each reference text, 0..labels.length - 1, or NOISE. */
  readonly cluster: Int32Array;
  /** 0..1, see `pointNovelty`. */
  readonly novelty: Float32Array;
  /** Traces that share each reference text. */
  readonly counts: Int32Array;
  /** `textKey` of each reference text. */
  readonly keys: Float64Array;
  /** n x k ids. */
  readonly neighbours: Int32Array;
  readonly noveltyScale: NoveltyScale;
  /** Describing words by cluster. */
  readonly labels: readonly string[];
  /** What a cluster is called for good, by cluster: kept when a later version has the same cluster, see `matchClusters`. */
  readonly identities: Int32Array;
}

/**
 * A number that stands for a cleaned text: 53 bits, so that a million texts hold no two alike but once in
 * twenty thousand maps.
 */
export function textKey(text: string): number {
  const high = textHash(`${text}\u0001`) & 0x1fffff;
  return high * 4294967296 + textHash(text);
}

/**
 * Keeps a drawn map for later texts.
 *
 * @param identities  by cluster; the cluster's own number for a first version
 */
export function freezeMap(
  drawn: DrawnMap,
  version: string,
  seed: number,
  identities: Int32Array = Int32Array.from(drawn.map.clusters, ({ id }) => id)
): FrozenProjection {
  const { folded, model, neighbours, positions, clusterOf, novelty, noveltyScale, map } = drawn;
  const made = drawn.made();
  return {
    version,
    seed,
    n: folded.texts.length,
    d: made.d,
    k: neighbours.k,
    method: made.method,
    model,
    boilerplate: map.boilerplate,
    textModel: made.keepModel(),
    vectors: made.vectors,
    positions,
    cluster: clusterOf,
    novelty,
    counts: folded.counts,
    keys: Float64Array.from(folded.texts, textKey),
    neighbours: neighbours.index,
    noveltyScale,
    labels: map.clusters.map(({ label }) => label),
    identities
  };
}
