import { UMAP } from "umap-js";
import { buildDensityTree, cutDensityTree } from "#lib/map/hdbscan.ts";
import { buildLayout } from "#lib/map/layout.ts";
import { buildNeighbours } from "#lib/map/neighbours.ts";
import { buildTextVectors } from "#lib/map/text-vectors.ts";
import { foldTexts, wordsOf } from "#lib/map/texts.ts";
import { buildWordTable } from "#lib/map/vocabulary.ts";
import { seededRandom } from "#lib/math/random.ts";
import { blobs } from "../map/blobs.ts";
import { clincTexts } from "../map/clinc.ts";
import { trustworthiness } from "../map/trustworthiness.ts";
import type { Bench, BenchRow } from "./row.ts";

const D = 64;
const K = 15;

/** Maps: layout beside umap-js as it comes, texts to vectors, clusters. BENCH_POINTS sets the size of the layout. */
export const benches: readonly Bench[] = [
  { name: "map", run: async () => measureLayout(Number(process.env["BENCH_POINTS"] ?? 10_000)) },
  { name: "map-clusters", run: async () => measureClusters(50_000) },
  { name: "map-vectors", run: async () => measureVectors() }
];

function measureLayout(n: number): readonly BenchRow[] {
  const vectors = blobs(n, D, 40, 1.2, 7);
  const warm = vectors.subarray(0, 3000 * D);
  buildLayout(warm, D, buildNeighbours(warm, 3000, D, K, 1), 1);

  const ours = timed(() => buildLayout(vectors, D, buildNeighbours(vectors, n, D, K, 1), 1));
  const rows = Array.from({ length: n }, (_, i) => Array.from(vectors.subarray(i * D, i * D + D)));
  const theirs = timed(() => new UMAP({ nNeighbors: K, random: seededRandom(1) }).fit(rows).flat());
  const [own, rival] = [ours.value, theirs.value].map((places) => trustworthiness(vectors, D, places, K, 400));
  const size = `${n.toLocaleString("en-US")} x ${D}`;
  return [
    {
      name: `map ${size}`,
      value: ours.seconds,
      unit: "s",
      against: "umap-js as it comes",
      rival: theirs.seconds,
      ratio: ours.seconds / theirs.seconds,
      target: "<= 0.25x",
      met: ours.seconds <= theirs.seconds / 4
    },
    {
      name: `map ${size} trustworthiness@15`,
      value: own!,
      unit: "",
      against: "umap-js as it comes",
      rival: rival!,
      ratio: own! / rival!,
      target: ">= rival - 0.003",
      met: own! >= rival! - 0.003
    }
  ];
}

/** First clustering counts from bare positions; another smallest cluster counts on the tree that is then at hand. */
function measureClusters(n: number): readonly BenchRow[] {
  const counts = new Int32Array(n).fill(1);
  const cluster = (positions: Float64Array) => {
    const tree = timed(() => buildDensityTree(positions, counts, 10));
    const first = timed(() => cutDensityTree(tree.value, 30));
    const again = timed(() => cutDensityTree(tree.value, 60));
    return { first: tree.seconds + first.seconds, again: again.seconds };
  };
  // Groups of the density of a layout, without the minute that a layout of this size takes.
  cluster(Float64Array.from(blobs(n, 2, 120, 30, 8)));
  const { first, again } = cluster(Float64Array.from(blobs(n, 2, 120, 30, 7)));
  const row = (name: string, value: number): BenchRow => ({
    name: `${name}, ${n.toLocaleString("en-US")} points`,
    value,
    unit: "s",
    against: "absolute",
    rival: null,
    ratio: value / 0.3,
    target: "<= 0.3 s",
    met: value <= 0.3
  });
  return [row("first clustering", first), row("clustering again at another smallest size", again)];
}

function measureVectors(): readonly BenchRow[] {
  const given = clincTexts();
  if (!given) return [];
  const texts = given.slice(0, 10_000).map(([text]) => text);
  const { seconds } = timed(() => {
    const { texts: distinct } = foldTexts(texts);
    return buildTextVectors(distinct, buildWordTable(distinct.map(wordsOf)), 1);
  });
  return [
    {
      name: "10,000 short texts to vectors",
      value: seconds,
      unit: "s",
      against: "absolute",
      rival: null,
      ratio: seconds / 1.5,
      target: "<= 1.5 s",
      met: seconds <= 1.5
    }
  ];
}

function timed<T>(work: () => T): { readonly value: T; readonly seconds: number } {
  const begin = performance.now();
  const value = work();
  return { value, seconds: (performance.now() - begin) / 1000 };
}
