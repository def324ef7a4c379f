import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  categoryColour,
  colourPoints,
  countMask,
  intersectMasks,
  mixColours,
  noiseColour,
  orderPoints
} from "#lib/browser/scatter-colour.ts";
import { ScatterGrid } from "#lib/browser/scatter-grid.ts";
import { addCorner } from "#lib/browser/scatter-tools.ts";
import {
  boundPoints,
  fitView,
  panBy,
  pointRadius,
  toMap,
  toScreen,
  viewAround,
  zoomAt
} from "#lib/browser/scatter-view.ts";

const size = { width: 800, height: 600 };
const coordinate = fc.double({ min: -50, max: 50, noNaN: true });

describe("the view of a map", () => {
  test("toMap undoes toScreen", () => {
    fc.assert(
      fc.property(coordinate, coordinate, fc.double({ min: 0.5, max: 100, noNaN: true }), (x, y, scale) => {
        const view = { x: 3, y: -2, scale };
        const [left, top] = toScreen(view, size, x, y);
        const [mx, my] = toMap(view, size, left, top);
        expect(mx).toBeCloseTo(x, 6);
        expect(my).toBeCloseTo(y, 6);
      })
    );
  });

  test("zooming keeps the point under the pointer", () => {
    const view = { x: 1, y: 2, scale: 10 };
    const before = toMap(view, size, 200, 150);
    const after = toMap(zoomAt(view, size, 200, 150, 1.7), size, 200, 150);
    expect(after[0]).toBeCloseTo(before[0], 9);
    expect(after[1]).toBeCloseTo(before[1], 9);
  });

  test("dragging to the right shows what lies left", () => {
    expect(panBy({ x: 0, y: 0, scale: 10 }, 50, 0).x).toBe(-5);
  });

  test("every point is in sight at first, and points that are nowhere do no harm", () => {
    const x = Float32Array.from([-3, 9, Number.NaN]);
    const y = Float32Array.from([0, 4, 1]);
    const view = fitView(boundPoints(x, y), size);
    for (const at of [0, 1]) {
      const [left, top] = toScreen(view, size, x[at] ?? 0, y[at] ?? 0);
      expect(left > 0 && left < size.width && top > 0 && top < size.height).toBe(true);
    }
    expect(fitView(boundPoints(new Float32Array(), new Float32Array()), size)).toEqual({ x: 0, y: 0, scale: 1 });
  });

  test("a part is shown with what lies around it, and points grow as one comes nearer", () => {
    const part = { left: 2, right: 4, low: 1, high: 2 };
    const view = viewAround(part, size);
    expect([view.x, view.y]).toEqual([3, 1.5]);
    expect(view.scale).toBeLessThan(fitView(part, size).scale);
    expect(pointRadius(1_000_000, 1)).toBe(0.5);
    expect(pointRadius(1_000, 10)).toBeGreaterThan(pointRadius(1_000, 1));
    expect(pointRadius(1_000, 1e9)).toBe(7);
  });
});

describe("the tools", () => {
  test("a box stands on two corners, a lasso leaves out what lies too near, moving draws nothing", () => {
    const box = addCorner("box", addCorner("box", [], [1, 1], 0), [3, 5], 0);
    expect(box).toEqual([
      [1, 1],
      [3, 1],
      [3, 5],
      [1, 5]
    ]);
    expect(addCorner("lasso", [[0, 0]], [0.5, 0], 1)).toHaveLength(1);
    expect(addCorner("polygon", [[0, 0]], [2, 0], 1)).toHaveLength(2);
    expect(addCorner("pan", [[0, 0]], [9, 9], 1)).toHaveLength(1);
  });
});

describe("the grid", () => {
  test("finds what a look at every point finds", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(coordinate, coordinate), { maxLength: 60 }),
        coordinate,
        coordinate,
        (points, x, y) => {
          const xs = Float32Array.from(points, ([px]) => px);
          const ys = Float32Array.from(points, ([, py]) => py);
          const away = (at: number) => ((xs[at] ?? 0) - x) ** 2 + ((ys[at] ?? 0) - y) ** 2;
          const nearest = Math.min(Infinity, ...points.map((_, at) => away(at)));
          const found = new ScatterGrid(xs, ys).find(x, y, 10);
          if (nearest > 100) expect(found).toBe(-1);
          else expect(away(found)).toBe(nearest);
        }
      )
    );
  });

  test("finds no hidden point", () => {
    const grid = new ScatterGrid(Float32Array.from([0, 1]), Float32Array.from([0, 0]));
    expect(grid.find(0, 0, 5, Uint8Array.of(0, 1))).toBe(1);
    expect(grid.find(0, 0, 5, Uint8Array.of(0, 0))).toBe(-1);
  });

  test("never finds a point that is nowhere", () => {
    const grid = new ScatterGrid(Float32Array.from([Number.NaN, 1]), Float32Array.from([0, 1]));
    expect(grid.find(0, 0, 5)).toBe(1);
  });
});

describe("the colours", () => {
  test("noise is grey, and the eleventh category begins again", () => {
    expect(categoryColour(-1)).toBe(noiseColour);
    expect(categoryColour(10)).toBe(categoryColour(0));
  });

  test("what is not marked turns grey and faint", () => {
    const painted = colourPoints(Int32Array.from([0, 0]), Uint8Array.of(0, 1));
    expect(painted[0]! >>> 24).toBeLessThan(painted[1]! >>> 24);
    const hex = (at: number) => Buffer.from(painted.buffer, at * 4, 3).toString("hex");
    expect(`#${hex(0)}`).toBe(noiseColour);
    expect(`#${hex(1)}`).toBe(categoryColour(0));
  });

  test("marked points are drawn over the others, hidden ones not at all", () => {
    expect(orderPoints(3, null, null)).toBeNull();
    expect([...orderPoints(4, null, Uint8Array.of(1, 0, 1, 0))!]).toEqual([1, 3, 0, 2]);
    expect([...orderPoints(4, Uint8Array.of(1, 0, 1, 1), Uint8Array.of(1, 0, 0, 1))!]).toEqual([2, 0, 3]);
    expect([...orderPoints(2, Uint8Array.of(0, 1), null)!]).toEqual([1]);
    const values = Int32Array.of(3, -1, 0, -1);
    expect([...orderPoints(4, null, null, values)!]).toEqual([1, 3, 0, 2]);
    expect([...orderPoints(4, null, Uint8Array.of(0, 1, 1, 0), values)!]).toEqual([3, 0, 1, 2]);
  });

  test("two masks leave what both hold, and none leaves all", () => {
    expect(intersectMasks(null, null)).toBeNull();
    expect([...intersectMasks(Uint8Array.of(1, 1, 0), Uint8Array.of(0, 1, 1))!]).toEqual([0, 1, 0]);
    expect(countMask(intersectMasks(Uint8Array.of(1, 0, 1), null)!)).toBe(2);
  });

  test("colours between stops are mixed, and beyond the ends are the ends", () => {
    expect(mixColours(["#000000", "#ff8000"], 0.5)).toBe("#804000");
    expect(mixColours(["#000000", "#ff8000"], 7)).toBe("#ff8000");
    expect(mixColours(["#000000", "#ff8000"], -1)).toBe("#000000");
  });
});
