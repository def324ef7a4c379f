import fc from "fast-check";
import { expect, test } from "vitest";
import { wilsonInterval } from "#lib/math/wilson.ts";

test("no trials say nothing", () => {
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
});

test("eight of ten is 0.49 to 0.94", () => {
  const [low, high] = wilsonInterval(8, 10);
  expect(low).toBeCloseTo(0.49, 2);
  expect(high).toBeCloseTo(0.943, 3);
});

test("the interval lies in 0..1 and holds the rate", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, share) => {
      const passes = Math.round(share * trials);
      const [low, high] = wilsonInterval(passes, trials);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(passes / trials + 1e-12);
      expect(high).toBeGreaterThanOrEqual(passes / trials - 1e-12);
    })
  );
});
