import { expect, test } from "vitest";
import { type KeepInput, keepMap, placeTexts } from "#lib/map/keep-map.ts";

const words = ["refund order money", "flight seat gate", "contract clause court"];
const input = (n: number, before: KeepInput["before"] = null): KeepInput => ({
  texts: Array.from({ length: n }, (_, i) => `${words[i % 3]} number ${i}`),
  traceIds: Array.from({ length: n }, (_, i) => `t${i}`),
  units: Array.from({ length: n }, (_, i) => (i % 2 === 0 ? "sales" : "support")),
  seed: 1,
  neighbours: 10,
  minClusterSize: 10,
  version: before ? "v2" : "v1",
  before
});
const silent = () => undefined;

test("a first version has new clusters, told to each unit by its own traces", () => {
  const kept = keepMap(input(90), silent);
  expect(kept.movedShare).toBeNull();
  expect(kept.ended).toEqual([]);
  expect(kept.nextClusterId).toBe(kept.clusters.length);
  for (const { change, from, parts } of kept.clusters) {
    expect([change, from]).toEqual(["born", []]);
    expect(Object.keys(parts).sort()).toEqual(["sales", "support"]);
  }
  const sizes = kept.clusters.flatMap(({ parts }) => Object.values(parts).map(({ size }) => size));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(kept.clusterId.filter((id) => id >= 0).length);
});

test("a text is placed on the cluster that texts like it are in, and one without words in none", () => {
  const kept = keepMap(input(90), silent);
  const placed = placeTexts(kept.projection, [input(90).texts[4]!, "flight seat gate number 777", ""]);
  expect([placed.x[0], placed.y[0], placed.clusterId[0]]).toEqual([kept.x[4], kept.y[4], kept.clusterId[4]]);
  expect(placed.clusterId[1]).toBe(kept.clusterId[1]);
  expect(placed.clusterId[2]).toBe(-1);
});

test("the next version keeps the clusters whose traces are still there, and says which are no more", () => {
  const first = keepMap(input(90), silent);
  const before = { projection: first.projection, nextClusterId: first.nextClusterId };
  const second = keepMap(input(96, before), silent);
  expect(second.movedShare).toBeGreaterThanOrEqual(0);
  expect(second.clusterId.slice(0, 90)).toEqual(first.clusterId);
  for (const { clusterId, change, from } of second.clusters) {
    expect(["stayed", "grew"]).toContain(change);
    expect(from).toEqual([clusterId]);
  }
  const { texts, ...rest } = input(60, { projection: second.projection, nextClusterId: second.nextClusterId });
  const third = keepMap({ ...rest, texts: texts.map((text) => text.replace(words[2]!, words[0]!)) }, silent);
  expect(third.ended.map(({ change }) => change)).toContain("died");
});
