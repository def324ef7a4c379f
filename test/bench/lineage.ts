import { matchClusters } from "#lib/map/lineage.ts";
import { buildFirstMap, refitMap } from "#lib/map/refit-map.ts";
import { seededRandom } from "#lib/math/random.ts";
import { clincTexts } from "../map/clinc.ts";
import { measureWatch } from "./lineage-watch.ts";
import { inputOf, judged, report } from "./map-rows.ts";
import type { Bench, BenchRow } from "./row.ts";

/** How still a map stays when its texts change, and what it finds on the sample lake, day by day. */
export const benches: readonly Bench[] = [
  { name: "lineage", run: async () => [...measureStability(), ...measureWatch()] }
];

const REPEATS = 3;

/** Two random four fifths of real texts: a first map of the one, a refit to the other, and a map of the other made anew. */
function measureStability(): readonly BenchRow[] {
  const given = clincTexts();
  if (!given) return [];
  const texts = given.map(([text]) => text).filter((_, i) => i % 100 < 60);
  const moves: number[] = [];
  const kept: number[] = [];
  const anew: number[] = [];
  for (let repeat = 1; repeat <= REPEATS; repeat++) {
    const random = seededRandom(repeat);
    const [one, other] = [0, 1].map(() => texts.filter(() => random() < 0.8));
    const first = buildFirstMap(inputOf(one!), "1");
    const later = refitMap(inputOf(other!), first.projection, "2", first.map.clusters.length);
    moves.push(later.move);
    kept.push(later.lineage.kept);
    anew.push(keptAnew(one!, first.map.cluster, other!));
  }
  const name = `${texts.length.toLocaleString("en-US")} clinc150 texts, two random 80 % of them, ${REPEATS} times`;
  const move = 100 * Math.max(...moves);
  const least = 100 * Math.min(...kept);
  return [
    judged(`${name}: largest median move of a known text, of the width`, move, "%", "<= 2 %", move <= 2),
    judged(`${name}: fewest clusters that keep their identity`, least, "%", ">= 95 %", least >= 95),
    report(`${name}: fewest that would, clustered anew`, 100 * Math.min(...anew), "%")
  ];
}

/** The share of clusters that a map made without the earlier one would still have. */
function keptAnew(one: readonly string[], cluster: Int32Array, other: readonly string[]): number {
  const { map } = buildFirstMap(inputOf(other), "2");
  const at = new Map(one.map((text, i) => [text, i]));
  const shared = other.map((text, i) => [at.get(text) ?? -1, i] as const).filter(([earlier]) => earlier >= 0);
  const count = (labels: Int32Array) => new Int32Array(labels.reduce((most, id) => Math.max(most, id + 1), 0));
  const sizes = count(cluster);
  const before = Int32Array.from(shared, ([earlier]) => cluster[earlier]!);
  const after = Int32Array.from(shared, ([, i]) => map.cluster[i]!);
  const weight = new Int32Array(shared.length).fill(1);
  return matchClusters(
    { before, after, weight },
    sizes,
    count(map.cluster),
    sizes.map((_, id) => id),
    sizes.length
  ).kept;
}
