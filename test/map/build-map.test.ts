import { expect, test } from "vitest";
import { buildMap, type MapInput } from "#lib/map/build-map.ts";
import { defaultClusterSize } from "#lib/map/label-texts.ts";
import { adjustedRand } from "./agreement.ts";
import { clincTexts } from "./clinc.ts";
import { topics, topicTexts } from "./topic-texts.ts";

function inputOf(texts: readonly string[], seed = 1): MapInput {
  return { texts, traceIds: texts.map((_, i) => `t${i}`), seed, neighbours: 15, minClusterSize: 0 };
}

function expectSound(map: ReturnType<typeof buildMap>, n: number): void {
  for (const column of [map.x, map.y, map.cluster, map.novelty]) expect(column).toHaveLength(n);
  expect([...map.x, ...map.y].every(Number.isFinite)).toBe(true);
  expect(map.novelty.every((value) => value >= 0 && value <= 1)).toBe(true);
  map.clusters.forEach(({ id, size, label, representatives }, at) => {
    expect(id).toBe(at);
    expect(size).toBe(map.cluster.filter((cluster) => cluster === id).length);
    expect(label).not.toBe("");
    expect(representatives.length).toBeGreaterThan(0);
  });
}

test("three topics become three clusters, named by their words, the same for the same seed", () => {
  const texts = topicTexts(300, 1);
  const map = buildMap(inputOf(texts));
  expectSound(map, 300);
  expect(map.clusters).toHaveLength(3);
  const truth = texts.map((_, i) => i % 3);
  expect(adjustedRand([...map.cluster], truth)).toBeGreaterThan(0.9);
  for (const { label } of map.clusters) {
    const words = label.split(/[ ,]+/u);
    expect(words.length).toBeGreaterThanOrEqual(3);
    expect(words.length).toBeLessThanOrEqual(5);
    expect(
      Object.values(topics).some((list) => words.every((word) => (list as readonly string[]).includes(word)))
    ).toBe(true);
  }
  expect(buildMap(inputOf(texts))).toEqual(map);
});

test("the same texts in another order give the same places", () => {
  const texts = topicTexts(120, 2);
  const map = buildMap(inputOf(texts));
  const turned = buildMap(inputOf(texts.toReversed()));
  expect(turned.x.toReversed()).toEqual(map.x);
  expect(turned.cluster.toReversed()).toEqual(map.cluster);
});

test("a text unlike all others is the most novel", () => {
  const map = buildMap(inputOf([...topicTexts(300, 3), "zebra quokka marmalade xylophone"]));
  expect(map.novelty.indexOf(Math.max(...map.novelty))).toBe(300);
});

test.each([1, 2, 3, 14])("a map of %i texts is sound", (n) => {
  expectSound(buildMap(inputOf(topicTexts(n, 4))), n);
});

test("all identical texts are one cluster, each trace with a place", () => {
  const map = buildMap(inputOf(new Array<string>(500).fill("my refund never came")));
  expectSound(map, 500);
  expect(map.clusters).toHaveLength(1);
  expect(map.clusters[0]?.share).toBe(1);
  expect(new Set(map.x).size).toBeGreaterThan(400);
});

test("half empty: empty texts are noise below the others", () => {
  const texts = topicTexts(200, 5).map((text, i) => (i % 2 === 0 ? text : " "));
  const map = buildMap(inputOf(texts));
  expectSound(map, 200);
  const lowest = Math.min(...map.y.filter((_, i) => i % 2 === 0));
  texts.forEach((text, i) => {
    if (text !== " ") return;
    expect(map.cluster[i]).toBe(-1);
    expect(map.y[i]!).toBeLessThan(lowest);
  });
  expectSound(buildMap(inputOf(["", " ", "!"])), 3);
});

test("one text of five megabytes among short ones", () => {
  const texts = [...topicTexts(60, 6), "flight seat luggage ".repeat(250_000)];
  expectSound(buildMap(inputOf(texts)), 61);
});

test("a million duplicates neither hang nor crash", () => {
  const some = topicTexts(40, 7);
  const texts = Array.from({ length: 1_000_000 }, (_, i) => some[i % 40]!);
  const map = buildMap(inputOf(texts));
  expect(map.x.every(Number.isFinite)).toBe(true);
  expect(map.clusters.length).toBeGreaterThan(0);
});

test("the smallest cluster grows with the root of the map", () => {
  expect([3, 14, 100, 10_000, 1_000_000].map(defaultClusterSize)).toEqual([2, 4, 5, 30, 300]);
});

test("real intents are found again from text alone", () => {
  const rows = clincTexts();
  if (!rows) return;
  const some = rows.filter((_, i) => i % 100 < 40);
  const map = buildMap(inputOf(some.map(([text]) => text)));
  const agreement = adjustedRand(
    [...map.cluster],
    some.map(([, intent]) => intent)
  );
  console.log(`clinc150, ${some.length} texts: ${map.clusters.length} clusters, adjusted Rand ${agreement.toFixed(3)}`);
  // Chance gives 0. The floor lies well under the 0.36 measured, so that only a broken step falls below it.
  expect(agreement).toBeGreaterThan(0.25);
});
