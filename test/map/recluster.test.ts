import { expect, test } from "vitest";
import { buildMap, type MapInput } from "#lib/map/build-map.ts";
import { Reclusterer } from "#lib/map/recluster.ts";
import { topicTexts } from "./topic-texts.ts";

// Repeats, and traces without text.
const texts = topicTexts(240, 5).flatMap((text, i) => (i % 9 === 0 ? [text, text, " "] : [text]));
const input: MapInput = {
  texts,
  traceIds: texts.map((_, i) => `t${i}`),
  seed: 3,
  neighbours: 15,
  minClusterSize: 0
};

test("points clustered anew have the clusters that the whole map has at that size", () => {
  const map = buildMap(input);
  const labels = map.clusters.map(({ label }) => label);
  const anew = new Reclusterer(map.ground!, { x: map.x, y: map.y, cluster: map.cluster, labels });
  const counts = new Set<number>();
  for (const least of [2, 3, 6, 9, 10, 11, 25, 60, 90, 500]) {
    const whole = buildMap({ ...input, minClusterSize: least });
    const found = anew.cut(least);
    expect(found.cluster).toEqual(whole.cluster);
    expect(found.clusters.map(({ size }) => size)).toEqual(whole.clusters.map(({ size }) => size));
    expect(found.noise).toBe(whole.cluster.filter((id) => id < 0).length);
    found.clusters.forEach(({ x, y }, id) => {
      expect(x).toBeCloseTo(whole.clusters[id]!.x, 6);
      expect(y).toBeCloseTo(whole.clusters[id]!.y, 6);
    });
    counts.add(found.clusters.length);
  }
  expect(counts.size).toBeGreaterThan(2);
});

test("a cluster that is mostly one of before keeps its words, another has a number", () => {
  const map = buildMap(input);
  const half = map.cluster.map((id, i) => (id === 0 ? i % 3 : -1));
  const anew = new Reclusterer(map.ground!, {
    x: map.x,
    y: map.y,
    cluster: map.cluster,
    labels: ["one", "two", "three"]
  });
  const least = Math.max(...map.clusters.map(({ size }) => size)) - 1;
  expect(anew.cut(10).clusters[0]!.label).toMatch(/^(one|two|three)$/);
  expect(
    new Reclusterer(map.ground!, { x: map.x, y: map.y, cluster: half, labels: ["a", "b", "c"] }).cut(10).clusters[0]!
      .label
  ).toBe("group 1");
  expect(anew.cut(least).least).toBe(least);
});
