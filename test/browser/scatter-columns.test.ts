import { tableFromArrays, vectorFromArray } from "apache-arrow";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildColumn, fitColumn, fitMask, hideValues } from "#lib/browser/scatter-columns.ts";
import { densityStops, paintDensity, sideColours } from "#lib/browser/scatter-density.ts";
import {
  buildScale,
  codeNumbers,
  countCodes,
  scaleColours,
  scaleSteps,
  sizePoints
} from "#lib/browser/scatter-scale.ts";
import { maskTimes, sliceTimes, stepRange } from "#lib/browser/scatter-time.ts";

describe("a column of a map", () => {
  test("of words is codes, the most frequent word first, over all its windows", () => {
    const [one, two] = [vectorFromArray(["b", "a", null]), vectorFromArray(["a"])];
    expect(
      buildColumn(
        "agent",
        [
          { offset: 0, vector: one },
          { offset: 3, vector: two }
        ],
        5
      )
    ).toEqual({
      kind: "category",
      name: "agent",
      codes: Int32Array.of(1, 0, -1, 0, -1),
      words: ["a", "b"],
      counts: [2, 1]
    });
  });

  test("of numbers and of times is numbers, and what is missing is none", () => {
    const table = tableFromArrays({ cost: [1, null, 3], at: [new Date(5), null, new Date(7)] });
    const read = (name: "cost" | "at") => buildColumn(name, [{ offset: 1, vector: table.getChild(name)! }], 4);
    expect(read("cost")).toEqual({
      kind: "number",
      name: "cost",
      values: Float64Array.of(Number.NaN, 1, Number.NaN, 3)
    });
    expect(read("at")).toMatchObject({ kind: "time", values: Float64Array.of(Number.NaN, 5, Number.NaN, 7) });
    expect(buildColumn("nothing", [], 4)).toBeNull();
  });

  test("hides the points of values that are switched off, in any column", () => {
    const codes = Int32Array.of(0, 1, -1, 1);
    expect(hideValues(4, [{ codes, values: new Set() }])).toBeNull();
    expect(
      hideValues(4, [
        { codes, values: new Set([0]) },
        { codes: Int32Array.of(0, 0, 0, 5), values: new Set([5]) }
      ])
    ).toEqual(Uint8Array.of(0, 1, 1, 0));
  });
});

describe("a scale", () => {
  test("is not stretched by few far values, and parts at 0 where values lie on both sides", () => {
    const values = Float64Array.from({ length: 1000 }, (_, at) => (at < 5 ? 1e9 : at));
    expect(buildScale(values).high).toBeLessThan(1000);
    const signed = buildScale(Float64Array.of(-1, 0, 3));
    expect(signed).toEqual({ low: -3, high: 3, middle: 0 });
    expect(buildScale(Float64Array.of(0.2, 1, 1), 0.5)).toEqual({ low: 0, high: 1, middle: 0.5 });
  });

  test("gives every value a step and a size in bounds, and none to what is missing", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e200, max: 1e200 })), (list) => {
        const values = Float64Array.from(list);
        const scale = buildScale(values);
        const codes = codeNumbers(values, scale);
        const sizes = sizePoints(values, scale);
        for (const [at, value] of values.entries()) {
          if (Number.isNaN(value)) expect([codes[at], sizes[at]]).toEqual([-1, 0.5]);
          else expect(codes[at]! >= 0 && codes[at]! < scaleSteps && sizes[at]! > 0.6 && sizes[at]! < 2.7).toBe(true);
        }
      })
    );
  });

  test("has a colour for each step, others on a dark ground", () => {
    const scale = buildScale(Float64Array.of(1, 2));
    expect(new Set(scaleColours(scale, false)).size).toBe(scaleSteps);
    expect(scaleColours(scale, true)[0]).not.toBe(scaleColours(scale, false)[0]);
    expect(scaleColours({ low: -1, high: 1, middle: 0 }, false)[0]).not.toBe(scaleColours(scale, false)[0]);
  });

  test("counts shown points by code", () => {
    const codes = Int32Array.of(0, 1, 1, -1, 7);
    expect(countCodes(codes, 3, null)).toEqual(Uint32Array.of(1, 2, 0));
    expect(countCodes(codes, 3, Uint8Array.of(1, 0, 1, 1, 1))).toEqual(Uint32Array.of(1, 1, 0));
  });
});

describe("the time of points", () => {
  test("is cut into equal slices that hold every point with a time", () => {
    const times = Float64Array.of(0, 10, Number.NaN, 99, 100);
    expect(sliceTimes(times, 10)).toEqual({
      fromMs: 0,
      toMs: 101,
      counts: Uint32Array.of(1, 1, 0, 0, 0, 0, 0, 0, 0, 2)
    });
    expect(sliceTimes(Float64Array.of(5, 5, Number.NaN), 10)).toBeNull();
  });

  test("is brushed from inclusive to exclusive", () => {
    expect(maskTimes(Float64Array.of(1, 2, 3, Number.NaN), { fromMs: 2, toMs: 3 })).toEqual(Uint8Array.of(0, 1, 0, 0));
  });

  test("is played in steps of one length, and begins again after the end", () => {
    const all = { fromMs: 0, toMs: 100 };
    let range = { fromMs: 0, toMs: 30 };
    const seen: number[] = [];
    for (let turn = 0; turn < 6; turn++) {
      seen.push(range.fromMs);
      range = stepRange(range, all, 20);
    }
    expect(seen).toEqual([0, 20, 40, 60, 70, 0]);
    expect(stepRange({ fromMs: 10, toMs: 40 }, all, -20)).toEqual({ fromMs: 0, toMs: 30 });
  });
});

describe("points that join a map", () => {
  test("have no value in a column that does not know them yet, and are in no mask", () => {
    const words = { kind: "category", name: "agent", codes: Int32Array.of(0), words: ["a"], counts: [1] } as const;
    expect(fitColumn(words, 3)).toEqual({ ...words, codes: Int32Array.of(0, -1, -1) });
    expect(fitColumn(words, 1)).toBe(words);
    const numbers = { kind: "number", name: "cost", values: Float64Array.of(2) } as const;
    expect(fitColumn(numbers, 2)).toEqual({ ...numbers, values: Float64Array.of(2, Number.NaN) });
    expect(fitMask(Uint8Array.of(1), 2)).toEqual(Uint8Array.of(1, 0));
    expect(fitMask(null, 2)).toBeNull();
  });
});

describe("a difference in density", () => {
  test("is clear where there is none, and has the colour of the denser side, the upper row first", () => {
    const pixels = new Uint8ClampedArray(16);
    const difference = Float32Array.of(0.5, 0, -0.5, 0.25);
    paintDensity({ difference, most: 0.5 }, { columns: 2, rows: 2 }, false, pixels);
    const [topLeft, topRight, lowLeft, lowRight] = [0, 4, 8, 12].map((at) => [...pixels.subarray(at, at + 4)]);
    expect(lowRight?.[3]).toBe(0);
    expect(topLeft![0]).toBeGreaterThan(topLeft![2]!);
    expect(lowLeft![2]).toBeGreaterThan(lowLeft![0]!);
    expect(topRight![3]).toBeLessThan(lowLeft![3]!);
    paintDensity({ difference: new Float32Array(4), most: 0 }, { columns: 2, rows: 2 }, true, pixels);
    expect([3, 7, 11, 15].map((at) => pixels[at])).toEqual([0, 0, 0, 0]);
    expect(densityStops(false)[8]).toMatch(/ 0\.000\)$/);
    expect(new Set([...sideColours(false), ...sideColours(true)]).size).toBe(4);
  });
});
