import fc from "fast-check";
import { expect, test } from "vitest";
import type { Calibration, JudgedTrace } from "#lib/model/calibration.ts";
import { calibrate as calibrateInSteps } from "#lib/scoring/calibration.ts";

function calibrate(some: readonly JudgedTrace[]): Calibration {
  const steps = calibrateInSteps(some);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

const traces = (counts: readonly (readonly [boolean, boolean | null, number])[]): JudgedTrace[] =>
  counts
    .flatMap(([truth, pass, n]) => Array.from({ length: n }, () => [truth, pass] as const))
    .map(([truth, pass], at) => ({
      ...{ traceId: `t${at}`, cluster: `s${at}`, truth, pass },
      value: pass === null ? null : Number(pass)
    }));

test("a scorer against people: counts, agreement beyond chance, rates with intervals, and what to read", () => {
  const { n, unscored, confusion, kappa, ac1, truePositive, trueNegative, disagreements, warnings } = calibrate(
    traces([
      [true, true, 45],
      [true, false, 15],
      [false, true, 25],
      [false, false, 15],
      [false, null, 3]
    ])
  );
  expect({ n, unscored }).toEqual({ n: 100, unscored: 3 });
  expect(confusion).toEqual({ passedBoth: 45, missed: 25, falseAlarms: 15, failedBoth: 15 });
  expect([kappa.value!.toFixed(4), ac1.value!.toFixed(4)]).toEqual(["0.1304", "0.2661"]);
  expect(kappa.interval![0]).toBeLessThan(kappa.value!);
  expect(kappa.interval![1]).toBeGreaterThan(kappa.value!);
  expect([truePositive.value, trueNegative.value]).toEqual([0.75, 0.375]);
  expect(disagreements).toHaveLength(40);
  expect(warnings).toEqual(["3 traces that people judged are unscored and count as neither right nor wrong."]);
});

test("where nearly all is of one verdict it is said what kappa is worth", () => {
  const { kappa, ac1, warnings } = calibrate(
    traces([
      [true, true, 118],
      [true, false, 5],
      [false, true, 2]
    ])
  );
  expect([kappa.value! < 0, ac1.value! > 0.9]).toEqual([true, true]);
  expect(warnings.join()).toContain("Kappa and AC1 lie far apart");
});

test("nothing judged, one trace, or one verdict only are said, never counted as agreement", () => {
  expect(calibrate([])).toMatchObject({ n: 0, kappa: { value: null, interval: null }, observed: { value: null } });
  expect(calibrate([]).warnings).toEqual(["No trace was judged by people and by the scorer."]);
  const same = calibrate(traces([[true, true, 8]]));
  expect(same).toMatchObject({ kappa: { value: null }, trueNegative: { value: null, interval: null } });
  expect(same.warnings.join()).toContain("People failed none of them");
  expect(calibrate(traces([[false, null, 5]]))).toMatchObject({ n: 0, unscored: 5 });
});

test("traces of one session make an interval no narrower than sessions alone", () => {
  const single = traces([
    [true, true, 20],
    [false, true, 10],
    [false, false, 20]
  ]);
  const copied = single.flatMap((trace) =>
    Array.from({ length: 6 }, (_, copy) => ({ ...trace, traceId: `${trace.traceId}-${copy}` }))
  );
  const width = (some: readonly JudgedTrace[]) => {
    const [low, high] = calibrate(some).kappa.interval!;
    return high - low;
  };
  expect(width(copied)).toBeCloseTo(width(single), 10);
});

test("a sweep goes from passing all to passing few, and its best threshold is the scorer's own where it is right", () => {
  const valued = fc.array(fc.record({ truth: fc.boolean(), value: fc.integer({ min: 0, max: 20 }) }), {
    minLength: 3,
    maxLength: 80
  });
  fc.assert(
    fc.property(valued, (rows) => {
      const { sweep } = calibrate(
        rows.map(({ truth, value }, at) => ({
          ...{ traceId: `t${at}`, cluster: `t${at}`, truth },
          ...{ pass: value >= 10, value: value / 20 }
        }))
      );
      const passed = sweep.map(({ confusion }) => confusion.passedBoth + confusion.missed);
      expect(passed).toEqual([...passed].sort((a, b) => b - a));
      for (const { confusion } of sweep)
        expect(Object.values(confusion).reduce((sum, count) => sum + count, 0)).toBe(rows.length);
      if (sweep.length > 0) expect(passed[0]).toBe(rows.length);
    }),
    { numRuns: 20 }
  );
  const clean = Array.from({ length: 40 }, (_, at) => ({
    ...{ traceId: `t${at}`, cluster: `t${at}`, truth: at >= 12, pass: null, value: at / 40 }
  }));
  const best = calibrate(clean).sweep.reduce((one, other) => ((other.kappa ?? -1) > (one.kappa ?? -1) ? other : one));
  expect([best.threshold, best.kappa]).toEqual([0.3, 1]);
});
