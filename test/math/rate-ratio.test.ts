import fc from "fast-check";
import { expect, test } from "vitest";
import { binomialAtLeast, exactInterval } from "#lib/math/binomial.ts";
import { adjustFalseDiscovery } from "#lib/math/false-discovery.ts";
import { compareRates } from "#lib/math/rate-ratio.ts";

/** By its definition, term by term. */
function tailByHand(k: number, n: number, rate: number): number {
  let sum = 0;
  for (let i = k; i <= n; i++) {
    let term = 1;
    for (let j = 0; j < i; j++) term *= ((n - j) / (j + 1)) * rate;
    sum += term * (1 - rate) ** (n - i);
  }
  return sum;
}

test("the chance of at least so many is the sum of its terms", () => {
  fc.assert(
    fc.property(fc.nat(60), fc.nat(60), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (n, k, rate) => {
      expect(binomialAtLeast(k, n, rate)).toBeCloseTo(tailByHand(k, n, rate), 9);
    })
  );
  expect([binomialAtLeast(0, 9, 0), binomialAtLeast(10, 9, 1), binomialAtLeast(9, 9, 1)]).toEqual([1, 0, 1]);
  expect(binomialAtLeast(500_000, 1_000_000, 0.5)).toBeCloseTo(0.5, 2);
});

test("the exact interval is the published one", () => {
  // Clopper-Pearson for 3 of 20 and for none of 10, as R's binom.test prints them.
  const [low, high] = exactInterval(3, 20);
  expect(low).toBeCloseTo(0.0320709, 6);
  expect(high).toBeCloseTo(0.3789268, 6);
  expect(exactInterval(0, 10)[0]).toBe(0);
  expect(exactInterval(0, 10)[1]).toBeCloseTo(0.3084971, 6);
  expect(exactInterval(0, 0)).toEqual([0, 1]);
});

test("a ratio lies in its interval, and the interval of the turned question is the turned interval", () => {
  const counts = fc.tuple(fc.nat(40), fc.nat(40), fc.integer({ min: 41, max: 500 }), fc.integer({ min: 41, max: 500 }));
  fc.assert(
    fc.property(counts, ([a, b, n, m]) => {
      const one = compareRates({ events: a, trials: n }, { events: b, trials: m });
      const other = compareRates({ events: b, trials: m }, { events: a, trials: n });
      expect(one.low).toBeLessThanOrEqual(one.ratio);
      expect(one.high).toBeGreaterThanOrEqual(one.ratio);
      if (a > 0 && b > 0) expect(one.low * other.high).toBeCloseTo(1, 6);
      expect(one.pEither).toBeCloseTo(other.pEither, 9);
    })
  );
});

test("adjusted p-values keep their order, never shrink, and are those of the paper's example", () => {
  // Benjamini and Hochberg 1995, section 3.2: fifteen p-values, four found at 5 %.
  const paper = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1
  ];
  expect(adjustFalseDiscovery(paper).filter((value) => value <= 0.05)).toHaveLength(4);
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (values) => {
      const adjusted = adjustFalseDiscovery(values);
      values.forEach((value, i) => {
        expect(adjusted[i]!).toBeGreaterThanOrEqual(value);
        values.forEach((other, j) => {
          if (value < other) expect(adjusted[i]!).toBeLessThanOrEqual(adjusted[j]!);
        });
      });
    })
  );
});
