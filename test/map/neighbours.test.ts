import { expect, test } from "vitest";
import { buildNeighbours } from "#lib/map/neighbours.ts";
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
