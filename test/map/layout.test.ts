import { UMAP } from "umap-js";
import { expect, test } from "vitest";
import { KernelUmap } from "#lib/map/kernel-umap.ts";
import { buildLayout } from "#lib/map/layout.ts";
import { buildNeighbours } from "#lib/map/neighbours.ts";
import { principalStart } from "#lib/map/principal-start.ts";
import { seededRandom } from "#lib/math/random.ts";
import { blobs } from "./blobs.ts";
import { trustworthiness } from "./trustworthiness.ts";

const K = 15;

test("the graph equals that of umap-js to a millionth", () => {
  const [n, d] = [400, 8];
  const vectors = blobs(n, d, 5, 2, 3);
  const neighbours = buildNeighbours(vectors, n, d, K, 1);
  const rowsOf = (values: ArrayLike<number>) =>
    Array.from({ length: n }, (_, i) => Array.from({ length: K }, (_, c) => values[i * K + c]!));
  const untouched = new UMAP({ nNeighbors: K, random: seededRandom(1) });
  untouched.setPrecomputedKNN(rowsOf(neighbours.index), rowsOf(neighbours.distance));
  untouched.initializeFit(Array.from({ length: n }, (_, i) => Array.from(vectors.subarray(i * d, i * d + d))));
  const theirs = (untouched as unknown as { graph: { toArray(): number[][] } }).graph.toArray();
  const { start, target, weight } = new KernelUmap(neighbours, new Float64Array(n * 2), { seed: 1 }).fuzzyGraph;
  let worst = 0;
  for (let i = 0; i < n; i++) {
    const row = new Float64Array(n);
    for (let at = start[i]!; at < start[i + 1]!; at++) row[target[at]!] = weight[at]!;
    for (let j = 0; j < n; j++) worst = Math.max(worst, Math.abs(row[j]! - (theirs[i]![j] ?? 0)));
  }
  expect(worst).toBeLessThan(1e-6);
});

test("epochs and curve are those of umap-js, which steps through the fit", () => {
  const vectors = blobs(300, 6, 3, 2, 3);
  const umap = new KernelUmap(buildNeighbours(vectors, 300, 6, K, 1), principalStart(vectors, 300, 6, 1), { seed: 1 });
  expect(umap.prepare()).toBe(500);
  expect(umap.step()).toBe(1);
  expect(umap.optimizationState.a).toBeGreaterThan(1);
  expect(umap.optimizationState.b).toBeGreaterThan(0.5);
});

test("a layout is finite, and the same for the same seed", () => {
  const [n, d] = [300, 16];
  const vectors = blobs(n, d, 10, 1.5, 9);
  const neighbours = buildNeighbours(vectors, n, d, K, 1);
  const ours = buildLayout(vectors, d, neighbours, 4);
  expect(ours).toHaveLength(n * 2);
  expect(ours.every(Number.isFinite)).toBe(true);
  expect(buildLayout(vectors, d, neighbours, 4)).toEqual(ours);
  expect(buildLayout(vectors, d, neighbours, 5)).not.toEqual(ours);
});

test("a layout keeps neighbours as well as that of umap-js", () => {
  const [n, d] = [500, 16];
  const vectors = blobs(n, d, 10, 1.5, 9);
  const neighbours = buildNeighbours(vectors, n, d, K, 1);
  const ours = buildLayout(vectors, d, neighbours, 4);
  const rows = Array.from({ length: n }, (_, i) => Array.from(vectors.subarray(i * d, i * d + d)));
  const theirs = new UMAP({ nNeighbors: K, random: seededRandom(1) }).fit(rows).flat();
  const [own, rival] = [ours, theirs].map((places) => trustworthiness(vectors, d, places, K, 400));
  console.log(`trustworthiness@15: ours ${own!.toFixed(4)}, umap-js ${rival!.toFixed(4)}`);
  expect(own!).toBeGreaterThanOrEqual(rival! - 0.003);
});

test("very few points are placed without a fit", () => {
  for (const n of [1, 2, 3, 4, 5]) {
    const vectors = blobs(n, 4, 2, 1, n);
    const places = buildLayout(vectors, 4, buildNeighbours(vectors, n, 4, K, 1), 1);
    expect(places).toHaveLength(n * 2);
    expect(places.every(Number.isFinite)).toBe(true);
  }
});
