import { UMAP } from "umap-js";
import { seededRandom } from "../math/random.ts";
import { type Places, spreadPoints } from "./spread-points.ts";
import type { TextNeighbours } from "./text-neighbours.ts";

/** Half the width that umap-js begins with. */
const reach = 10;

/**
 * Lays some traces of a map out anew, by umap-js as it comes: enough for a few thousand, and it runs wherever a page
 * does. It begins where the traces stand on the whole map, so that what was left stays left where it can. Same input,
 * same bits.
 */
export class PartLayout {
  readonly epochs: number;
  private readonly part: TextNeighbours;
  private readonly umap: UMAP;
  private readonly seed: number;

  /** @param places  of each trace on the whole map */
  constructor(part: TextNeighbours, places: Places, seed: number) {
    this.part = part;
    this.seed = seed;
    this.umap = new UMAP({ nComponents: 2, nNeighbors: part.k, random: seededRandom(seed) });
    this.umap.setPrecomputedKNN(rowsOf(part.index, part.k), rowsOf(part.distance, part.k));
    this.epochs = this.umap.initializeFit(Array.from({ length: part.n }, () => []));
    const start = startOf(part, places);
    // The points that umap-js moves are these very pairs.
    if (!start.every(Number.isFinite)) return;
    for (const [text, pair] of this.umap.getEmbedding().entries()) {
      pair[0] = start[2 * text]!;
      pair[1] = start[2 * text + 1]!;
    }
  }

  /** @returns epochs done */
  step(): number {
    return this.umap.step();
  }

  /** Where each trace stands now, repeats beside each other, traces without text below. */
  places(): Places {
    const { owner, counts } = this.part;
    return spreadPoints(Float64Array.from(this.umap.getEmbedding().flat()), owner, counts, this.seed);
  }
}

function rowsOf(table: Int32Array | Float32Array, k: number): number[][] {
  return Array.from({ length: table.length / k }, (_, row) => [...table.subarray(row * k, (row + 1) * k)]);
}

/** Where the first trace of each text stands, the whole moved and stretched to where umap-js begins; no numbers where all stand at one place. */
function startOf({ owner, n }: TextNeighbours, { x, y }: Places): Float64Array {
  const start = new Float64Array(2 * n);
  for (let trace = owner.length - 1; trace >= 0; trace--) {
    const text = owner[trace]!;
    if (text >= 0) start.set([x[trace]!, y[trace]!], 2 * text);
  }
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let at = 0; at < start.length; at += 2) {
    left = Math.min(left, start[at]!);
    right = Math.max(right, start[at]!);
    low = Math.min(low, start[at + 1]!);
    high = Math.max(high, start[at + 1]!);
  }
  const scale = (2 * reach) / Math.max(right - left, high - low);
  return start.map((value, at) => (value - (at % 2 === 0 ? left + right : low + high) / 2) * scale);
}
