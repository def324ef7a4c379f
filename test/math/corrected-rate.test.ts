import fc from "fast-check";
import { expect, test } from "vitest";
import { detectionRates, labelsNeeded, predictionPoweredRate, roganGladen } from "#lib/math/corrected-rate.ts";
import { seededRandom } from "#lib/math/random.ts";
import { passAtLeastOnce, passEveryTime } from "#lib/math/repeated-trials.ts";

const truths = [1, 1, 0, 0, 1, 0, 1, 0];
const scores = [1, 0, 0, 1, 1, 0, 1, 0];
const labelled = truths.map((truth, at) => ({ truth, score: scores[at]! }));
const unlabelled = [1, 1, 0, 1, 0, 1, 0, 1];

test("a rate of eight labels and eight scores, with the scores trusted fully and as far as they deserve", () => {
  const full = predictionPoweredRate(labelled, unlabelled, 1)!;
  expect([full.rate, Number(full.standardError.toFixed(4))]).toEqual([0.625, 0.2631]);
  const best = predictionPoweredRate(labelled, unlabelled)!;
  expect([best.weight, best.rate, best.standardError].map((value) => Number(value.toFixed(4)))).toEqual([
    0.2721, 0.534, 0.1764
  ]);
});

test("without scores it is the mean of the labels, and of one label there is nothing to say", () => {
  const bare = predictionPoweredRate(labelled, [])!;
  expect([bare.rate, bare.weight]).toEqual([0.5, 0]);
  expect(bare.standardError).toBeCloseTo(Math.sqrt(2 / 7 / 8), 12);
  expect(predictionPoweredRate(labelled.slice(0, 1), unlabelled)).toBeNull();
});

test("scores never widen the interval beyond that of the labels alone", () => {
  const bit = fc.nat(1);
  const rows = fc.array(fc.record({ truth: bit, score: bit }), { minLength: 4, maxLength: 60 });
  fc.assert(
    fc.property(rows, fc.array(bit, { minLength: 2, maxLength: 200 }), (some, others) => {
      const best = predictionPoweredRate(some, others)!;
      const bare = predictionPoweredRate(some, others, 0)!;
      // The best weight takes the spread of all scores together, so it may miss the exact optimum by a little.
      expect(best.standardError).toBeLessThanOrEqual(bare.standardError * 1.15 + 1e-9);
    })
  );
});

test("95 % intervals hold the truth about 95 % of the time", () => {
  const random = seededRandom(11);
  let held = 0;
  for (let round = 0; round < 400; round++) {
    const traces = Array.from({ length: 1000 }, () => {
      const truth = Number(random() < 0.7);
      return { truth, score: random() < 0.85 ? truth : 1 - truth };
    });
    const { low, high } = predictionPoweredRate(
      traces.slice(0, 80),
      traces.slice(80).map(({ score }) => score)
    )!;
    if (low <= 0.7 && 0.7 <= high) held++;
  }
  expect(held / 400).toBeGreaterThan(0.915);
  expect(held / 400).toBeLessThan(0.98);
});

test("a pass rate set right by how often the scorer is right, and none where it is no better than chance", () => {
  expect(roganGladen(0.8, 0.9, 0.8)!).toBeCloseTo(0.8571, 4);
  expect(roganGladen(0.95, 0.9, 0.7)!).toBeCloseTo(1.0833, 4);
  expect(roganGladen(0.5, 0.5, 0.5)).toBeNull();
  expect(roganGladen(0.5, 0.2, 0.3)).toBeNull();
});

test("the rates of a scorer come with their intervals, and are absent where nothing of the kind was labelled", () => {
  const { truePositive, trueNegative } = detectionRates({ passes: 10, passesFound: 8, fails: 0, failsFound: 0 });
  expect(truePositive!.rate).toBe(0.8);
  expect(truePositive!.interval.map((end) => Number(end.toFixed(4)))).toEqual([0.4902, 0.9433]);
  expect(trueNegative).toBeNull();
});

test("as many labels more as it says make the interval as narrow as wished", () => {
  const random = seededRandom(3);
  const draw = (n: number) =>
    Array.from({ length: n }, () => {
      const truth = Number(random() < 0.6);
      return { truth, score: random() < 0.8 ? truth : 1 - truth };
    });
  const some = draw(100);
  const others = draw(5000).map(({ score }) => score);
  const more = labelsNeeded(some, others, 0.05)!;
  const { low, high } = predictionPoweredRate([...some, ...draw(more)], others)!;
  expect((high - low) / 2).toBeCloseTo(0.05, 2);
  expect(labelsNeeded(some, others, 0.5)).toBe(0);
  expect(labelsNeeded(some, others.slice(0, 20), 0.0001)).toBeNull();
});

test("passing once of k, and every time of k", () => {
  expect(passEveryTime(5, 4, 3)!).toBeCloseTo(0.4, 12);
  expect(passAtLeastOnce(5, 2, 3)!).toBeCloseTo(0.9, 12);
  expect([passAtLeastOnce(2, 1, 3), passEveryTime(2, 1, 3)]).toEqual([null, null]);
  expect([passAtLeastOnce(4, 0, 2), passEveryTime(4, 4, 4)]).toEqual([0, 1]);
});
