import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "#lib/math/random.ts";
import { sumVerdicts, weightedRate } from "#lib/math/weighted-rate.ts";
import { wilsonInterval } from "#lib/math/wilson.ts";

const rate = (verdicts: readonly (readonly [number, number])[]) =>
  weightedRate(sumVerdicts(verdicts.map(([value, chance]) => ({ value, chance }))));

test("verdicts of one chance have Wilson's interval and their own number", () => {
  for (const chance of [1, 0.1]) {
    const found = rate([...Array(81).fill([1, chance]), ...Array(19).fill([0, chance])]);
    expect(found.rate).toBeCloseTo(0.81, 12);
    expect(found.effectiveN).toBeCloseTo(100, 9);
    expect(found.interval.map((end) => Number(end.toFixed(4)))).toEqual([0.7222, 0.8749]);
  }
  expect(rate([[1, 0.5]].concat(Array(9).fill([1, 0.5])) as never).interval[0]).toBeCloseTo(
    wilsonInterval(10, 10)[0],
    9
  );
});

test("by hand: three of chance 1 and two of chance a tenth", () => {
  // Weights 1, 1, 1, 10, 10 and values 1, 1, 0, 1, 0: 12 of 23; squares of the residuals 2·(11/23)² + (12/23)²
  // + 100·((11/23)² + (12/23)²), over 23².
  const found = rate([
    [1, 1],
    [1, 1],
    [0, 1],
    [1, 0.1],
    [0, 0.1]
  ]);
  expect(found.rate).toBeCloseTo(12 / 23, 12);
  const [hit, miss] = [(11 / 23) ** 2, (12 / 23) ** 2];
  const variance = (102 * hit + 101 * miss) / 23 ** 2;
  expect(found.effectiveN).toBeCloseTo(((12 / 23) * (11 / 23)) / variance, 9);
  expect(found.effectiveN).toBeCloseTo(2.597, 3);
  expect(found.n).toBe(5);
});

test("where all are alike the effective number is Kish's, and nothing says nothing", () => {
  expect(
    rate([
      [1, 1],
      [1, 1],
      [1, 0.1]
    ]).effectiveN
  ).toBeCloseTo(144 / 102, 9);
  expect(rate([])).toEqual({ rate: null, interval: [0, 1], n: 0, effectiveN: 0 });
});

test("the interval holds the rate and lies within 0 and 1, and none is worth more than it counts", () => {
  const verdict = fc.tuple(fc.constantFrom(0, 0.25, 1), fc.constantFrom(1, 0.3, 0.01));
  fc.assert(
    fc.property(fc.array(verdict, { minLength: 1, maxLength: 60 }), (verdicts) => {
      const found = rate(verdicts);
      expect(found.interval[0]).toBeGreaterThanOrEqual(0);
      expect(found.interval[1]).toBeLessThanOrEqual(1);
      expect(found.rate!).toBeGreaterThanOrEqual(found.interval[0] - 1e-9);
      expect(found.rate!).toBeLessThanOrEqual(found.interval[1] + 1e-9);
      expect(found.effectiveN).toBeLessThanOrEqual(found.n);
    })
  );
});

test("of traffic of which the bad part is scored more often, the weighted rate is right and the plain one is not", () => {
  const random = seededRandom(11);
  const [rounds, size] = [400, 2000];
  let [sum, plain, covered] = [0, 0, 0];
  const truth = 0.2 * 0.4 + 0.8 * 0.95;
  for (let round = 0; round < rounds; round++) {
    const drawn: (readonly [number, number])[] = [];
    for (let at = 0; at < size; at++) {
      const isOdd = random() < 0.2;
      const value = Number(random() < (isOdd ? 0.4 : 0.95));
      const chance = isOdd ? 1 : 0.1;
      if (random() < chance) drawn.push([value, chance]);
    }
    const found = rate(drawn);
    sum += found.rate!;
    plain += drawn.reduce((total, [value]) => total + value, 0) / drawn.length;
    if (found.interval[0] <= truth && truth <= found.interval[1]) covered++;
  }
  expect(sum / rounds).toBeCloseTo(truth, 2);
  expect(Math.abs(plain / rounds - truth)).toBeGreaterThan(0.2);
  expect(covered / rounds).toBeGreaterThan(0.92);
  expect(covered / rounds).toBeLessThan(0.98);
});
