import { expect, test } from "vitest";
import { pairedDifferenceInterval } from "#lib/math/paired-difference.ts";

test("the interval of a paired difference is that of Tango's score", () => {
  // Airway reactions before and after a transplantation: Bentur 2009, in Fagerland, Lydersen and Laake 2017, table 8.4.
  const [low, high] = pairedDifferenceInterval(1, 7, 21);
  expect(low).toBeCloseTo(-0.517, 3);
  expect(high).toBeCloseTo(-0.026, 3);
});

test("a difference of nothing is uncertain where trials are few, and turns around with its shares", () => {
  const [low, high] = pairedDifferenceInterval(0, 0, 10);
  expect(high).toBeCloseTo(1.959964 ** 2 / (10 + 1.959964 ** 2), 6);
  expect(low).toBeCloseTo(-high, 9);
  expect(pairedDifferenceInterval(0, 0, 1000)[1]).toBeLessThan(0.005);
  const [a, b] = pairedDifferenceInterval(12, 2, 50);
  const [c, d] = pairedDifferenceInterval(2, 12, 50);
  expect([a, b]).toEqual([expect.closeTo(-d, 9), expect.closeTo(-c, 9)]);
  expect(pairedDifferenceInterval(10, 0, 10)[1]).toBe(1);
  expect(pairedDifferenceInterval(0, 0, 0)).toEqual([-1, 1]);
});
