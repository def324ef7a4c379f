import fc from "fast-check";
import { expect, test } from "vitest";
import { coreDistances } from "#lib/map/core-distance.ts";
import { buildDensityTree, clusterPoints, cutDensityTree, NOISE } from "#lib/map/hdbscan.ts";
import { buildPlaneTree } from "#lib/map/plane-tree.ts";
import { buildSpanningTree } from "#lib/map/spanning-tree.ts";
import { seededNormal } from "#lib/math/random.ts";

/** Three round groups far apart and a few points far from all. */
function groups(each: number, seed: number): Float64Array {
  const normal = seededNormal(seed);
  const centres = [
    [0, 0],
    [30, 0],
    [0, 30]
  ] as const;
  const strays = [
    [100, 100],
    [-90, 60],
    [60, -95]
  ] as const;
  const points = centres.flatMap(([x, y]) => Array.from({ length: each }, () => [x + normal(), y + normal()]));
  return Float64Array.from([...points, ...strays].flat());
}

test("three groups are found, strays are noise, the largest has id 0", () => {
  const labels = clusterPoints(groups(60, 2), new Int32Array(183).fill(1), 10, 5);
  expect(new Set(labels.subarray(0, 180))).toEqual(new Set([0, 1, 2]));
  for (const from of [0, 60, 120]) {
    const own = labels.subarray(from, from + 60);
    const main = own[0]!;
    expect(own.filter((label) => label === main || label === NOISE).length).toBe(60);
    expect(own.filter((label) => label === main).length).toBeGreaterThan(54);
  }
  expect([...labels.subarray(180)]).toEqual([NOISE, NOISE, NOISE]);
});

test("the spanning tree is as short as one made from all pairs", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 60 }), fc.integer(), fc.integer({ min: 1, max: 6 }), (n, seed, samples) => {
      const normal = seededNormal(seed);
      // Rounded, so that ties and coinciding points are common.
      const positions = Float64Array.from({ length: n * 2 }, () => Math.round(normal() * 4));
      const tree = buildPlaneTree(positions);
      const core = coreDistances(tree, new Int32Array(n).fill(1), samples);
      const coreOf = new Float64Array(n);
      tree.order.forEach((point, at) => {
        coreOf[point] = core[at]!;
      });
      const apart = (a: number, b: number) =>
        (positions[a * 2]! - positions[b * 2]!) ** 2 + (positions[a * 2 + 1]! - positions[b * 2 + 1]!) ** 2;
      for (let i = 0; i < n; i++) {
        const sorted = Array.from({ length: n }, (_, j) => apart(i, j)).sort((a, b) => a - b);
        expect(coreOf[i]).toBe(sorted[Math.min(samples, n) - 1]);
      }
      const built = buildSpanningTree(tree, core);
      expect(built.length).toHaveLength(n - 1);
      const total = built.length.reduce((sum, value) => sum + value, 0);
      expect(total).toBeCloseTo(
        primLength(n, (a, b) => Math.sqrt(Math.max(apart(a, b), coreOf[a]!, coreOf[b]!))),
        6
      );
    }),
    { numRuns: 60 }
  );
});

test("one tree answers for every smallest cluster as a clustering from the start would", () => {
  const positions = groups(60, 5);
  const counts = new Int32Array(positions.length / 2).fill(1);
  const tree = buildDensityTree(positions, counts, 5);
  const numbers = [2, 5, 20, 70, 500].map((least) => {
    const labels = cutDensityTree(tree, least);
    expect(labels).toEqual(clusterPoints(positions, counts, least, 5));
    return new Set(labels).size;
  });
  expect(numbers.slice(2)).toEqual([4, 1, 1]);
  expect(new Set(cutDensityTree(tree, 500))).toEqual(new Set([NOISE]));
});

test("repeats count: one place with many traces is a cluster of its own", () => {
  const positions = groups(40, 3);
  const counts = new Int32Array(positions.length / 2).fill(1);
  counts[counts.length - 1] = 50;
  const labels = clusterPoints(positions, counts, 10, 5);
  expect(labels.at(-1)).not.toBe(NOISE);
  expect(labels.subarray(0, 120)).not.toContain(labels.at(-1));
});

test("one place, two places and nothing give one cluster or noise", () => {
  expect(clusterPoints(new Float64Array(0), new Int32Array(0), 5, 5)).toHaveLength(0);
  expect([...clusterPoints(Float64Array.of(1, 1), Int32Array.of(1_000_000), 5, 5)]).toEqual([0]);
  expect([...clusterPoints(Float64Array.of(1, 1), Int32Array.of(1), 5, 5)]).toEqual([NOISE]);
  expect([...clusterPoints(Float64Array.of(0, 0, 0, 0), Int32Array.of(3, 3), 5, 5)]).toEqual([0, 0]);
});

function primLength(n: number, distance: (a: number, b: number) => number): number {
  const near = Array.from({ length: n }, (_, i) => (i === 0 ? 0 : distance(0, i)));
  const done = new Set([0]);
  let total = 0;
  while (done.size < n) {
    let next = -1;
    for (let i = 0; i < n; i++) if (!done.has(i) && (next < 0 || near[i]! < near[next]!)) next = i;
    total += near[next]!;
    done.add(next);
    for (let i = 0; i < n; i++) if (!done.has(i)) near[i] = Math.min(near[i]!, distance(next, i));
  }
  return total;
}
