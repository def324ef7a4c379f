import fc from "fast-check";
import { expect, test } from "vitest";
import { poolTokens } from "#lib/server/embed/pool-tokens.ts";

test("the mean leaves out tokens that only fill up, and the first token takes no other", () => {
  const states = Float32Array.of(3, 4, 3, 4, 100, 100, 0, 5, 0, 0, 0, 0);
  const mask = [
    [1, 1, 0],
    [1, 0, 0]
  ];
  expect([...poolTokens(states, mask, 2, "mean")].map((value) => Number(value.toFixed(5)))).toEqual([0.6, 0.8, 0, 1]);
  expect([...poolTokens(states, [[1, 1, 1]], 2, "first")].map((value) => Number(value.toFixed(5)))).toEqual([0.6, 0.8]);
});

test("a text that counts no token has no direction, and all others have length one", () => {
  expect([...poolTokens(Float32Array.of(1, 2), [[0]], 2, "mean")]).toEqual([0, 0]);
  expect(poolTokens(new Float32Array(), [], 3, "mean").length).toBe(0);
  const value = fc.float({ min: -9, max: 9, noNaN: true }).filter((at) => Math.abs(at) > 1e-3);
  fc.assert(
    fc.property(fc.array(value, { minLength: 6, maxLength: 6 }), (states) => {
      for (const pooling of ["mean", "first"] as const) {
        const vector = poolTokens(Float32Array.from(states), [[1, 1]], 3, pooling);
        const length = Math.hypot(...vector);
        expect(length < 1e-6 || Math.abs(length - 1) < 1e-5).toBe(true);
      }
    })
  );
});
