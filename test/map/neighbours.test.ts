import { expect, test } from "vitest";
import { buildNeighbours, exactNeighbours } from "#lib/map/neighbours.ts";
import { blobs } from "./blobs.ts";

test("rows begin with the point itself and ascend", () => {
  const vectors = blobs(200, 5, 3, 2, 1);
  const { index, distance, k } = buildNeighbours(vectors, 200, 5, 10, 1);
  for (let i = 0; i < 200; i++) {
    expect(index[i * k]).toBe(i);
    for (let c = 1; c < k; c++) expect(distance[i * k + c]!).toBeGreaterThanOrEqual(distance[i * k + c - 1]!);
  }
});

test("no more neighbours than points", () => {
  expect(buildNeighbours(new Float32Array(4), 2, 2, 15, 1).k).toBe(2);
  expect(buildNeighbours(new Float32Array(2), 1, 2, 15, 1)).toMatchObject({ n: 1, k: 1, index: Int32Array.of(0) });
  expect(buildNeighbours(new Float32Array(0), 0, 2, 15, 1)).toMatchObject({ n: 0, k: 0 });
});

test("a large map is told in ascending shares, to the end", () => {
  const shares: number[] = [];
  buildNeighbours(blobs(2500, 4, 9, 2, 1), 2500, 4, 5, 1, (share) => shares.push(share));
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
});

test("a vector that holds no number, or one beyond all measure, is named", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1e20]) {
    const vectors = blobs(30, 4, 3, 2, 1);
    vectors[17 * 4 + 2] = value;
    expect(() => buildNeighbours(vectors, 30, 4, 5, 1)).toThrow(/vector 18 of 30 holds .* in dimension 2/);
  }
  expect(() => buildNeighbours(new Float32Array(10), 3, 4, 5, 1)).toThrow(
    /3 vectors of 4 dimensions came as 10 numbers/
  );
});

test("vectors of length zero are neighbours of one another, and have a place", () => {
  const vectors = blobs(2200, 4, 3, 9, 1).fill(0, 0, 40 * 4);
  const neighbours = buildNeighbours(vectors, 2200, 4, 6, 1);
  for (let i = 0; i < 40; i++) {
    expect(neighbours.index.subarray(i * 6, i * 6 + 6).every((id) => id >= 0 && id < 40)).toBe(true);
    expect(neighbours.distance[i * 6 + 5]).toBe(0);
  }
});

test("a vector far beyond the rest takes nothing from what the others find", () => {
  const [n, d, k] = [2200, 16, 10];
  const shareFound = (vectors: Float32Array) => {
    const found = buildNeighbours(vectors, n, d, k, 1);
    const exact = exactNeighbours(vectors, n, d, k);
    let hits = 0;
    for (let i = 0; i < n; i++) {
      const truth = new Set(exact.index.subarray(i * k, i * k + k));
      for (const id of found.index.subarray(i * k, i * k + k)) hits += Number(truth.has(id));
    }
    return hits / (n * k);
  };
  const vectors = blobs(n, d, 20, 1, 5);
  expect(shareFound(vectors)).toBeGreaterThan(0.98);
  vectors[0] = 1e9;
  expect(shareFound(vectors)).toBeGreaterThan(0.98);
});

test("distances are those of the vectors in full, however they were compared", () => {
  const [n, d, k] = [2200, 7, 4];
  const vectors = blobs(n, d, 20, 1, 5);
  const { index, distance } = buildNeighbours(vectors, n, d, k, 1);
  for (let at = 0; at < n * k; at += 97) {
    const [i, j] = [Math.floor(at / k) * d, index[at]! * d];
    let sum = 0;
    for (let c = 0; c < d; c++) sum += (vectors[i + c]! - vectors[j + c]!) ** 2;
    expect(Math.abs(distance[at]! - Math.sqrt(sum))).toBeLessThanOrEqual(1e-6 * Math.sqrt(sum));
  }
});
