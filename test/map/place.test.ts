import fc from "fast-check";
import { expect, test } from "vitest";
import { drawMap } from "#lib/map/build-map.ts";
import { freezeMap } from "#lib/map/frozen-projection.ts";
import { NOISE } from "#lib/map/hdbscan.ts";
import { buildNeighbours } from "#lib/map/neighbours.ts";
import { type Placements, Placer } from "#lib/map/place.ts";
import { formatProjection, parseProjection } from "#lib/map/projection-bytes.ts";
import { ReferenceSearch } from "#lib/map/reference-search.ts";
import { voteAnew } from "#lib/map/vote.ts";
import { blobs } from "./blobs.ts";
import { topicTexts } from "./topic-texts.ts";

const texts = topicTexts(240, 1);
const traceIds = texts.map((_, i) => `t${i}`);
const drawn = drawMap({ texts, traceIds, seed: 1, neighbours: 15, minClusterSize: 0 }, () => undefined);
const projection = freezeMap(drawn, "v1", 1);
const placer = new Placer(projection);
const rowOf = (placed: Placements, i: number) => [placed.x, placed.y, placed.cluster, placed.novelty].map((c) => c[i]!);

test("texts of the map have their own place, cluster and novelty", () => {
  const placed = placer.placeTexts(texts);
  expect(placed.x).toEqual(drawn.map.x);
  expect(placed.y).toEqual(drawn.map.y);
  expect(placed.cluster).toEqual(drawn.map.cluster);
  expect(placed.novelty).toEqual(drawn.map.novelty);
});

test("vectors of the map stand on their points", () => {
  const placed = placer.placeVectors(projection.vectors);
  placed.nearest.forEach((id, i) => {
    expect(placed.x[i]).toBeCloseTo(projection.positions[id * 2]!, 4);
    expect(placed.cluster[i]).toBe(projection.cluster[i]);
  });
});

test("new texts of a topic join its cluster and stand near it", () => {
  const fresh = topicTexts(90, 99);
  const placed = placer.placeTexts(fresh);
  const clusterOfTopic = [0, 1, 2].map((i) => drawn.map.cluster[i]!);
  const right = fresh.filter((_, i) => placed.cluster[i] === clusterOfTopic[i % 3]);
  expect(right.length / fresh.length).toBeGreaterThan(0.9);
  fresh.forEach((_, i) => {
    const centre = drawn.map.clusters[clusterOfTopic[i % 3]!]!;
    const away = drawn.map.clusters.map(({ x, y }) => Math.hypot(x - placed.x[i]!, y - placed.y[i]!));
    if (placed.cluster[i] === centre.id) expect(Math.min(...away)).toBe(away[centre.id]);
  });
});

test("a text unlike all others is more novel than any new text of a topic, and in no cluster's middle", () => {
  const known = placer.placeTexts(topicTexts(60, 5));
  const strange = placer.placeTexts(["zebra quokka marmalade xylophone"]);
  expect(strange.novelty[0]!).toBeGreaterThan(Math.max(...known.novelty));
  expect(strange.novelty[0]!).toBeLessThan(1);
});

test("a trace's place depends on its own text alone", () => {
  const pool = [...topicTexts(20, 8), "", "zebra quokka", texts[3]!, "refund"];
  const alone = pool.map((text) => rowOf(placer.placeTexts([text]), 0));
  fc.assert(
    fc.property(fc.array(fc.nat(pool.length - 1), { minLength: 1, maxLength: 12 }), (picks) => {
      const placed = placer.placeTexts(picks.map((pick) => pool[pick]!));
      picks.forEach((pick, i) => {
        expect(rowOf(placed, i)).toEqual(alone[pick]);
      });
    }),
    { numRuns: 40, seed: 1 }
  );
});

test("a text of the map that came in now would mostly be in the cluster it is in", () => {
  const anew = voteAnew(projection);
  const same = anew.filter((cluster, text) => cluster === projection.cluster[text]).length;
  expect(same / projection.n).toBeGreaterThan(0.95);
  expect(voteAnew({ ...projection, k: 1 })).toBe(projection.cluster);
});

test("a text that several traces have stays in its cluster, whatever its neighbours are in", () => {
  const cluster = Int32Array.of(0, 1, 1, 1);
  const neighbours = Int32Array.of(0, 1, 2, 3, 1, 2, 3, 0, 2, 1, 3, 0, 3, 1, 2, 0);
  const vote = (first: number) => voteAnew({ n: 4, k: 4, neighbours, cluster, counts: Int32Array.of(first, 1, 1, 1) });
  expect([...vote(1)]).toEqual([1, 1, 1, 1]);
  expect([...vote(2)]).toEqual([0, 1, 1, 1]);
});

test("a trace without text stands below the map in no cluster", () => {
  const placed = placer.placeTexts([" !"]);
  expect(placed.y[0]!).toBeLessThan(Math.min(...drawn.map.y));
  expect([placed.cluster[0], placed.novelty[0], placed.nearest[0]]).toEqual([NOISE, 0, -1]);
});

test("a kept map is the same map, byte for byte, wherever its bytes lie", () => {
  const bytes = formatProjection(projection);
  const opened = parseProjection(bytes.slice());
  expect(opened).toEqual(projection);
  expect(formatProjection(opened)).toEqual(bytes);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(formatProjection(parseProjection(shifted.subarray(3)))).toEqual(bytes);
  expect(new Placer(opened).placeTexts(["refund the seat"])).toEqual(placer.placeTexts(["refund the seat"]));
});

test("bytes that were cut or changed anywhere are refused with a sentence", () => {
  const bytes = formatProjection(projection);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, change, cut) => {
      const bad = cut ? bytes.slice(0, at) : bytes.slice();
      if (!cut) bad[at]! ^= change;
      expect(() => parseProjection(bad)).toThrow(/the frozen map cannot be read/);
    }),
    { numRuns: 60, seed: 1 }
  );
});

test("maps of no, one and two texts take new texts in", () => {
  for (const few of [[], ["one refund"], ["one refund", "two flights"]]) {
    const small = drawMap(
      { texts: few, traceIds: few.map(String), seed: 1, neighbours: 15, minClusterSize: 0 },
      () => undefined
    );
    const placed = new Placer(parseProjection(formatProjection(freezeMap(small, "v", 1)))).placeTexts(["refund", ""]);
    for (const column of [placed.x, placed.y, placed.novelty]) expect([...column].every(Number.isFinite)).toBe(true);
  }
});

test("the walk through a large map finds the nearest, nearly all of them", () => {
  const [n, d, k] = [4000, 24, 12];
  const vectors = blobs(n, d, 30, 0.8, 3);
  const nearest = (of: number, count: number) =>
    Array.from({ length: n }, (_, j) => ({ j, away: distanceOf(vectors, of, j, d) }))
      .sort((a, b) => a.away - b.away || a.j - b.j)
      .slice(0, count)
      .map(({ j }) => j);
  const asked = Array.from({ length: 40 }, (_, i) => i * 97);
  const { index } = buildNeighbours(vectors, n, d, k, 1);
  const search = new ReferenceSearch({ ...projection, n, d, k, vectors, neighbours: index });
  let hits = 0;
  for (const of of asked) {
    const found = new Set(search.find(vectors.slice(of * d, of * d + d), 10).index);
    hits += nearest(of, 10).filter((j) => found.has(j)).length;
  }
  expect(hits / (asked.length * 10)).toBeGreaterThan(0.95);
});

function distanceOf(vectors: Float32Array, a: number, b: number, d: number): number {
  let sum = 0;
  for (let c = 0; c < d; c++) sum += (vectors[a * d + c]! - vectors[b * d + c]!) ** 2;
  return sum;
}
