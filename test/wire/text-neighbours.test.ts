import { expect, test } from "vitest";
import { packArrays } from "#lib/map/packed-arrays.ts";
import { formatTextNeighbours, parsePartRequest, parseTextNeighbours } from "#lib/wire/text-neighbours.ts";

const near = {
  n: 2,
  k: 2,
  index: Int32Array.of(0, 1, 1, 0),
  distance: Float32Array.of(0, 0.5, 0, 0.5),
  owner: Int32Array.of(1, -1, 0),
  counts: Int32Array.of(1, 1)
};

const { index, distance, owner, counts } = near;

test("neighbours come as they went", () => {
  expect(parseTextNeighbours(formatTextNeighbours(near))).toEqual(near);
});

test("other bytes are refused", () => {
  const cut = packArrays(1, { n: 3, k: 2 }, { index, distance, owner, counts });
  expect(() => parseTextNeighbours(cut)).toThrow(/not whole/);
  expect(() => parseTextNeighbours(new Uint8Array(16))).toThrow(/cannot be read/);
});

test("a part names its traces, at most 5,000 of them", () => {
  expect(parsePartRequest({ traceIds: ["a", "b"] })).toEqual({ traceIds: ["a", "b"] });
  expect(() => parsePartRequest({ traceIds: [1] })).toThrow(/no list|not a list/);
  expect(() => parsePartRequest({})).toThrow(/not a list/);
  expect(() => parsePartRequest({ traceIds: ["x".repeat(201)] })).toThrow(/not a list/);
  expect(() => parsePartRequest({ traceIds: Array(5001).fill("a") })).toThrow(/5,001 traces .* 5,000 is the most/);
});
