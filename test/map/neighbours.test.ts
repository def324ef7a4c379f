import { expect, test } from "vitest";
import { buildNeighbours, exactNeighbours } from "#lib/map/neighbours.ts";
import { descendNeighbours } from "#lib/map/nn-descent.ts";
import { blobs } from "./blobs.ts";

test("descent finds at least 95 of 100 true neighbours", () => {
  const [n, d, k] = [3000, 24, 15];
  const vectors = blobs(n, d, 20, 1, 5);
  const found = buildNeighbours(vectors, n, d, k, 1);
  const exact = exactNeighbours(vectors, n, d, k);
  let hits = 0;
  for (let i = 0; i < n; i++) {
    const row = new Set(exact.index.subarray(i * k, i * k + k));
    for (let at = i * k; at < i * k + k; at++) if (row.has(found.index[at]!)) hits++;
  }
  expect(hits / (n * k)).toBeGreaterThanOrEqual(0.95);
  expect(buildNeighbours(vectors, n, d, k, 1)).toEqual(found);
});

test("rows begin with the point itself and ascend", () => {
  const vectors = blobs(200, 5, 3, 2, 1);
  const { index, distance, k } = buildNeighbours(vectors, 200, 5, 10, 1);
  for (let i = 0; i < 200; i++) {
    expect(index[i * k]).toBe(i);
    for (let c = 1; c < k; c++) expect(distance[i * k + c]!).toBeGreaterThanOrEqual(distance[i * k + c - 1]!);
  }
});

test("no more neighbours than points, and coinciding points do no harm", () => {
  expect(buildNeighbours(new Float32Array(4), 2, 2, 15, 1).k).toBe(2);
  const same = descendNeighbours(new Float32Array(2500 * 3).fill(1), 2500, 3, 10, 1, () => undefined);
  expect(same.index.every((id) => id >= 0 && id < 2500)).toBe(true);
  expect(same.distance.every((value) => value === 0)).toBe(true);
});
