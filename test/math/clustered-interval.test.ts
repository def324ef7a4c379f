import { expect, test } from "vitest";
import { clusteredInterval } from "#lib/math/clustered-interval.ts";
import { wilsonInterval } from "#lib/math/wilson.ts";

const width = ([low, high]: readonly [number, number]) => high - low;

test("nothing is known without a cluster", () => {
  expect(clusteredInterval([])).toEqual([0, 1]);
});

test("clusters whose trials all agree count once each", () => {
  const clusters = [...Array(8).fill({ passes: 10, trials: 10 }), ...Array(2).fill({ passes: 0, trials: 10 })];
  const [low, high] = clusteredInterval(clusters);
  // n/(n-1) times the variance of ten independent trials leaves nine of them.
  expect([low, high]).toEqual(wilsonInterval(0.8 * 9, 9).map((bound) => expect.closeTo(bound, 9)));
  expect(width([low, high])).toBeGreaterThan(2 * width(wilsonInterval(80, 100)));
});

test.each([0, 7])("where all or none of the trials pass, each cluster counts as one", (passes) => {
  expect(clusteredInterval(Array(5).fill({ passes, trials: 7 }))).toEqual(wilsonInterval(passes === 0 ? 0 : 5, 5));
});

test("one cluster of many trials says as little as one trial", () => {
  expect(clusteredInterval([{ passes: 50, trials: 100 }])).toEqual(wilsonInterval(0.5, 1));
});

test("clusters that are as mixed as the whole are never surer than independent trials", () => {
  expect(clusteredInterval(Array(50).fill({ passes: 1, trials: 2 }))).toEqual(wilsonInterval(50, 100));
});
