import { cleanerOf } from "./boilerplate.ts";
import { checkVectors } from "./check-vectors.ts";
import type { FrozenProjection } from "./frozen-projection.ts";
import { textKey } from "./frozen-projection.ts";
import { NOISE } from "./hdbscan.ts";
import { meanDistance, noveltyOf } from "./novelty.ts";
import { placeAmong } from "./place-among.ts";
import { ReferenceSearch } from "./reference-search.ts";
import { projectTexts } from "./text-vectors.ts";
import { wordsOf } from "./texts.ts";
import { buildWordTable } from "./vocabulary.ts";
import { voteOf } from "./vote.ts";

/** Where new traces stand on a map that stays still; one entry per trace, in the order given. */
export interface Placements {
  /** Map coordinates; traces of one text share one place. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** The cluster more than half of the neighbours are in, or NOISE. */
  readonly cluster: Int32Array;
  /** 0..1 on the scale of the map's own points, see `pointNovelty`. */
  readonly novelty: Float32Array;
  /** The nearest reference text, -1 for a trace without text. */
  readonly nearest: Int32Array;
}

/** Vectors of cleaned texts that came from elsewhere. */
export interface VectorsOfTexts {
  readonly texts: readonly string[];
  /** texts x d. */
  readonly vectors: Float32Array;
}

/** Two vectors nearer than this are the same text's. */
const SAME = 1e-3;

/**
 * Puts new traces on a frozen map. Nothing of the map moves, and a trace's place depends on its own text alone: not on
 * the others of the call, nor on their order.
 */
export class Placer {
  private readonly projection: FrozenProjection;
  private readonly search: ReferenceSearch;
  private readonly knownAt: ReadonlyMap<number, number>;

  /** Prepares the search, three seconds for 50,000 reference texts: keep a placer for as long as its map stands. */
  constructor(projection: FrozenProjection) {
    this.projection = projection;
    this.search = new ReferenceSearch(projection);
    this.knownAt = new Map(Array.from(projection.keys, (key, at) => [key, at]));
  }

  /**
   * Places raw texts. A text of the reference has exactly its own place, cluster and novelty. Traces without text stand below the map,
   * in no cluster, with novelty 0.
   *
   * @param given  as for `placeCleaned`
   */
  placeTexts(texts: readonly string[], given: VectorsOfTexts | null = null): Placements {
    return this.placeCleaned(texts.map(cleanerOf(this.projection.boilerplate)), given);
  }

  /** Which of some cleaned texts are none of the reference. */
  listUnknown(cleaned: readonly string[]): readonly string[] {
    return [...new Set(cleaned)].filter((text) => text !== "" && !this.knownAt.has(textKey(text)));
  }

  /**
   * As `placeTexts`, for texts that were cleaned as those of the map were.
   *
   * @param given  vectors of those that `listUnknown` lists; null where the map makes its own
   * @throws TypeError when the map's vectors were not made here and none are given
   */
  placeCleaned(cleaned: readonly string[], given: VectorsOfTexts | null = null): Placements {
    const { textModel, d } = this.projection;
    const fresh = this.listUnknown(cleaned);
    const { vectors, rowOf, unseen } = given ? this.readGiven(given) : this.makeVectors(textModel, fresh);
    const placed = emptyPlacements(cleaned.length);
    const done = new Map<string, number>();
    cleaned.forEach((text, trace) => {
      const twin = done.get(text);
      const known = this.knownAt.get(textKey(text));
      if (twin !== undefined) copyPlacement(placed, twin, trace);
      else if (text === "") this.placeBelow(placed, trace);
      else if (known !== undefined) this.placeOn(placed, trace, known);
      else {
        const row = rowOf.get(text);
        if (row === undefined) throw new TypeError("no vector was given for a text that the map does not know");
        this.placeOne(placed, trace, vectors.subarray(row * d, row * d + d), unseen?.[row] ?? 0);
      }
      done.set(text, trace);
    });
    return placed;
  }

  /**
   * Places vectors of the map's own space. A vector of zeros says nothing: it stands below the map.
   *
   * @param vectors  n x d, of any length
   * @throws Fault `invalid` for numbers that are none
   */
  placeVectors(vectors: Float32Array): Placements {
    const { d } = this.projection;
    const n = vectors.length / d;
    checkVectors(vectors, n, d);
    const placed = emptyPlacements(n);
    for (let i = 0; i < n; i++) this.placeOne(placed, i, vectors.slice(i * d, i * d + d), 0);
    return placed;
  }

  private makeVectors(textModel: FrozenProjection["textModel"], fresh: readonly string[]) {
    const rowOf = new Map(fresh.map((text, row) => [text, row]));
    if (fresh.length === 0) return { vectors: new Float32Array(0), unseen: undefined, rowOf };
    if (!textModel) throw new TypeError("this map has no model of texts; give vectors for them");
    return { ...projectTexts(textModel, fresh, buildWordTable(fresh.map(wordsOf))), rowOf };
  }

  private readGiven({ texts, vectors }: VectorsOfTexts) {
    checkVectors(vectors, texts.length, this.projection.d);
    return { vectors: vectors.slice(), unseen: undefined, rowOf: new Map(texts.map((text, row) => [text, row])) };
  }

  /** @param vector  becomes of length one */
  private placeOne(out: Placements, trace: number, vector: Float32Array, unseen: number): void {
    const { k, n } = this.projection;
    if (n === 0 || !scaleToOne(vector)) {
      this.placeBelow(out, trace);
      return;
    }
    const found = this.search.find(vector, Math.max(1, k - 1));
    if (found.distance[0]! < SAME) {
      this.placeOn(out, trace, found.index[0]!);
      return;
    }
    const [x, y] = placeAmong(this.projection, found, vector);
    const { counts, cluster, noveltyScale } = this.projection;
    out.x[trace] = x;
    out.y[trace] = y;
    out.cluster[trace] = voteOf(found.index, cluster);
    out.novelty[trace] = noveltyOf(meanDistance(found.index, found.distance, counts, 0, unseen), noveltyScale);
    out.nearest[trace] = found.index[0]!;
  }

  /** Where a reference text stands. */
  private placeOn(out: Placements, trace: number, known: number): void {
    const { positions, cluster, novelty } = this.projection;
    out.x[trace] = positions[known * 2]!;
    out.y[trace] = positions[known * 2 + 1]!;
    out.cluster[trace] = cluster[known]!;
    out.novelty[trace] = novelty[known]!;
    out.nearest[trace] = known;
  }

  private placeBelow(out: Placements, trace: number): void {
    const { positions } = this.projection;
    let [left, right, low, high] = [0, 0, 0, 0];
    for (let at = 0; at < positions.length; at += 2) {
      left = Math.min(left, positions[at]!);
      right = Math.max(right, positions[at]!);
      low = Math.min(low, positions[at + 1]!);
      high = Math.max(high, positions[at + 1]!);
    }
    out.x[trace] = (left + right) / 2;
    out.y[trace] = low - 0.07 * Math.max(right - left, high - low, 1);
    out.cluster[trace] = NOISE;
    out.nearest[trace] = -1;
  }
}

/** @returns false for a vector of zeros, which has no direction */
function scaleToOne(vector: Float32Array): boolean {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (sum === 0) return false;
  // What is of length one already stays what it is, to the bit.
  if (Math.abs(sum - 1) < 1e-5) return true;
  const scale = 1 / Math.sqrt(sum);
  for (let at = 0; at < vector.length; at++) vector[at]! *= scale;
  return true;
}

function emptyPlacements(n: number): Placements {
  return {
    x: new Float32Array(n),
    y: new Float32Array(n),
    cluster: new Int32Array(n),
    novelty: new Float32Array(n),
    nearest: new Int32Array(n)
  };
}

function copyPlacement(out: Placements, from: number, to: number): void {
  for (const column of [out.x, out.y, out.cluster, out.novelty, out.nearest]) column[to] = column[from]!;
}
