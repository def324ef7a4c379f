import fc from "fast-check";
import { expect, test } from "vitest";
import { seededNormal, seededRandom, textHash } from "#lib/math/random.ts";

test("a seed gives the same stream, another seed another one, all in 0..1", () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const [a, b, c] = [seededRandom(seed), seededRandom(seed), seededRandom(seed + 1)];
      const stream = Array.from({ length: 20 }, a);
      expect(Array.from({ length: 20 }, b)).toEqual(stream);
      expect(Array.from({ length: 20 }, c)).not.toEqual(stream);
      for (const value of stream) expect(value >= 0 && value < 1).toBe(true);
    })
  );
});

test("normal numbers have mean 0 and variance 1", () => {
  const normal = seededNormal(3);
  const values = Array.from({ length: 20_000 }, normal);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  expect(mean).toBeCloseTo(0, 1);
  expect(variance).toBeCloseTo(1, 1);
});

test("the hash of a text is its FNV-1a", () => {
  expect(textHash("")).toBe(0x811c9dc5);
  expect(textHash("a")).toBe(0xe40c292c);
});
