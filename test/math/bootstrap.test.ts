import { expect, test } from "vitest";
import { bootstrapInterval, bootstrapSteps } from "#lib/math/bootstrap.ts";
import { normalBelow, normalQuantile } from "#lib/math/normal.ts";
import { seededNormal } from "#lib/math/random.ts";

const mean = (clusters: readonly (readonly number[])[]) => {
  const values = clusters.flat();
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
};

test("normal chances and quantiles, to many digits", () => {
  expect(normalBelow(0)).toBe(0.5);
  expect(normalBelow(1.959963984540054)).toBeCloseTo(0.975, 13);
  expect(normalBelow(-4)).toBeCloseTo(3.167124183311998e-5, 16);
  expect(normalBelow(2.999999)).toBeCloseTo(normalBelow(3.000001), 7);
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 11);
  expect([normalQuantile(0), normalQuantile(1), normalBelow(-50)]).toEqual([-Infinity, Infinity, 0]);
});

test("an interval of a mean is that of the textbook when clusters are single values", () => {
  const normal = seededNormal(5);
  const clusters = Array.from({ length: 400 }, () => [10 + normal()]);
  const [low, high] = bootstrapInterval(clusters, mean)!;
  expect(high - low).toBeCloseTo((2 * 1.96) / 20, 1);
  expect(low).toBeLessThan(mean(clusters)!);
  expect(high).toBeGreaterThan(mean(clusters)!);
});

test("labels that are copies of one another make no interval narrower", () => {
  const normal = seededNormal(9);
  const singles = Array.from({ length: 60 }, () => [normal()]);
  const copied = singles.map(([value]) => new Array<number>(20).fill(value!));
  const width = ([low, high]: readonly [number, number]) => high - low;
  expect(width(bootstrapInterval(copied, mean)!)).toBeCloseTo(width(bootstrapInterval(singles, mean)!), 10);
});

test("the same seed gives the same interval, and too little gives none", () => {
  const clusters = [[1], [2], [3], [9]];
  expect(bootstrapInterval(clusters, mean, { seed: 4 })).toEqual(bootstrapInterval(clusters, mean, { seed: 4 }));
  expect(bootstrapInterval([[1]], mean)).toBeNull();
  expect(bootstrapInterval(clusters, () => null)).toBeNull();
  // Nearly half of the draws leave the one cluster out without which there is no value.
  expect(bootstrapInterval(clusters, (drawn) => (drawn.some(([value]) => value === 9) ? 1 : null))).toBeNull();
  expect(bootstrapInterval([[5], [5], [5]], mean)).toEqual([5, 5]);
});

test("many clusters are drawn in turns, and give the interval of the textbook", () => {
  const normal = seededNormal(2);
  const values = Float64Array.from({ length: 5000 }, () => normal());
  const steps = bootstrapSteps(
    values.length,
    (drawn) => [drawn.reduce((sum, at) => sum + values[at]!, 0) / drawn.length],
    {
      draws: 600
    }
  );
  let turns = 0;
  let ended = steps.next();
  for (; !ended.done; ended = steps.next()) turns++;
  expect(turns).toBeGreaterThan(10);
  const [low, high] = ended.value[0]!;
  expect(high - low).toBeCloseTo((2 * 1.96) / Math.sqrt(5000), 2);
});
