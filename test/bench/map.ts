import { loadavg } from "node:os";
import { densityTreeFor, labelTexts } from "#lib/map/label-texts.ts";
import { buildTextVectors } from "#lib/map/text-vectors.ts";
import { foldTexts, wordsOf } from "#lib/map/texts.ts";
import { buildWordTable } from "#lib/map/vocabulary.ts";
import { blobs } from "../map/blobs.ts";
import { clincTexts } from "../map/clinc.ts";
import type { Bench, BenchRow } from "./row.ts";

/** Steps of a map before and after its layout, which map-scale.ts measures. */
export const benches: readonly Bench[] = [
  { name: "map-clusters", run: async () => measureClusters(50_000) },
  { name: "map-vectors", run: async () => measureVectors() }
];

/**
 * From points to the label of each, as a map and its slider do it: density tree, cut, and texts in none asking their
 * neighbours. Another smallest cluster counts on the tree that is then at hand.
 */
function measureClusters(n: number): readonly BenchRow[] {
  const counts = new Int32Array(n).fill(1);
  const k = 16;
  // Point i is of group i modulo 120, so these are of its own group, as the most alike are.
  const neighbours = {
    k,
    index: Int32Array.from({ length: n * k }, (_, at) => (Math.floor(at / k) + 120 * (at % k)) % n)
  };
  const cluster = (positions: Float64Array) => {
    const tree = timed("density tree", () => densityTreeFor(positions, counts, 30));
    const first = timed("first labels", () => labelTexts(tree.value, neighbours, 30));
    const again = timed("labels again", () => labelTexts(tree.value, neighbours, 60));
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
  const { seconds } = timed("texts to vectors", () => {
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

/** Prints the processor's time too, which says more than the clock where the machine is busy. */
function timed<T>(what: string, work: () => T): { readonly value: T; readonly seconds: number } {
  const [begin, before] = [performance.now(), process.cpuUsage()];
  const value = work();
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(before);
  const load = loadavg()[0]!.toFixed(1);
  console.error(`${what}: ${seconds.toFixed(2)} s, ${((user + system) / 1e6).toFixed(2)} s of processor, load ${load}`);
  return { value, seconds };
}
