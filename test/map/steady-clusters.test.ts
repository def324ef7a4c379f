import fc from "fast-check";
import { expect, test } from "vitest";
import { NOISE } from "#lib/map/hdbscan.ts";
import type { Neighbours } from "#lib/map/neighbour-table.ts";
import { steadyClusters, UNKNOWN } from "#lib/map/steady-clusters.ts";

const K = 5;

/** A table in which each point's neighbours are the next ones of its own group, around in a ring. */
function rings(group: readonly number[]): Neighbours {
  const index = group.flatMap((own, point) => {
    const ring = group.map((_, i) => i).filter((i) => group[i] === own);
    const at = ring.indexOf(point);
    return Array.from({ length: K }, (_, step) => ring[(at + step) % ring.length]!);
  });
  return { n: group.length, k: K, index: Int32Array.from(index), distance: new Float32Array(index.length) };
}
const runs = (...lengths: readonly (readonly [number, number])[]) =>
  lengths.flatMap(([value, n]) => new Array<number>(n).fill(value));
function settle(free: number[], earlier: number[], islands: number[], least = 8): number[] {
  const counts = new Int32Array(free.length).fill(1);
  return [...steadyClusters(Int32Array.from(free), Int32Array.from(earlier), rings(islands), counts, least)];
}

test("borders drawn anew change nothing while the points are neighbours as before", () => {
  const earlier = runs([0, 20], [1, 20]);
  expect(settle(runs([0, 9], [1, 31]), earlier, runs([0, 20], [1, 20]))).toEqual(earlier);
  expect(settle(runs([0, 10], [1, 10], [2, 20]), earlier, runs([0, 40]))).toEqual(earlier);
});

test("new points join the cluster of their known neighbours, and a group of new points is born", () => {
  const earlier = runs([0, 18], [UNKNOWN, 2], [UNKNOWN, 12]);
  const islands = runs([0, 20], [1, 12]);
  expect(settle(runs([0, 20], [1, 12]), earlier, islands)).toEqual(runs([0, 20], [1, 12]));
  expect(settle(runs([0, 20], [NOISE, 12]), earlier, islands).slice(20)).toEqual(runs([NOISE, 12]));
});

test("a part that stands apart splits off, however small beside the rest", () => {
  const islands = runs([0, 40], [1, 10]);
  expect(settle(islands, runs([0, 50]), islands)).toEqual(runs([0, 40], [1, 10]));
});

test("clusters that lie in one another merge, those that only touch in the free clusters do not", () => {
  const earlier = Array.from({ length: 40 }, (_, i) => i % 2);
  expect(settle(runs([0, 40]), earlier, runs([0, 40]))).toEqual(runs([0, 40]));
  expect(settle(runs([0, 40]), runs([0, 20], [1, 20]), runs([0, 20], [1, 20]))).toEqual(runs([0, 20], [1, 20]));
});

test("a cluster ends when less than half of the smallest size is left", () => {
  const islands = runs([0, 20], [1, 3]);
  expect(settle(runs([0, 20], [NOISE, 3]), runs([0, 20], [1, 3]), islands)).toEqual(runs([0, 20], [NOISE, 3]));
});

test("clusters are numbered without gaps and none is under half the smallest size", () => {
  const point = fc.tuple(fc.integer({ min: -1, max: 4 }), fc.integer({ min: -2, max: 4 }), fc.nat(3));
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 80 }), (points) => {
      const labels = settle(
        points.map(([free]) => free),
        points.map(([, earlier]) => earlier),
        points.map(([, , island]) => island)
      );
      const used = [...new Set(labels.filter((label) => label >= 0))].sort((a, b) => a - b);
      expect(used).toEqual(used.map((_, id) => id));
      for (const id of used) expect(labels.filter((label) => label === id).length).toBeGreaterThanOrEqual(4);
    })
  );
});
