import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { categoryColour, colourBytes, noiseColour } from "#lib/browser/scatter-colour.ts";
import { ScatterGrid } from "#lib/browser/scatter-grid.ts";
import { paintPixels } from "#lib/browser/scatter-painter.ts";
import { pointsInside } from "#lib/browser/scatter-selection.ts";
import { fitView, panBy, placeLabels, shortLabel, toMap, toScreen, zoomAt } from "#lib/browser/scatter-view.ts";

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
    const view = fitView(x, y, size);
    for (const at of [0, 1]) {
      const [left, top] = toScreen(view, size, x[at] ?? 0, y[at] ?? 0);
      expect(left > 0 && left < size.width && top > 0 && top < size.height).toBe(true);
    }
    expect(fitView(new Float32Array(), new Float32Array(), size)).toEqual({ x: 0, y: 0, scale: 1 });
  });

  test("labels give way to the ones before them", () => {
    const view = { x: 0, y: 0, scale: 10 };
    const items = [
      { x: 0, y: 0, label: "first" },
      { x: 0.1, y: 0.1, label: "second" },
      { x: 20, y: 0, label: "third" },
      { x: 900, y: 0, label: "far" }
    ];
    expect(placeLabels(items, view, size).map(({ item }) => item.label)).toEqual(["first", "third"]);
  });
});

test("a label on the map is whole words, the first one in any case", () => {
  expect(shortLabel("refund, charge, twice")).toBe("refund, charge, twice");
  expect(shortLabel("stopped working, nine weeks, warranty claim, refused")).toBe("stopped working");
  expect(shortLabel("group 12")).toBe("group 12");
  expect(shortLabel("x".repeat(60))).toHaveLength(32);
});

describe("the lasso", () => {
  test("holds what lies in its outline and nothing that is nowhere", () => {
    const x = Float32Array.from([1, 3, 3, Number.NaN, -5]);
    const y = Float32Array.from([1, 1, 3, 1, 1]);
    // An L: the corner at (3, 3) is in its box but not in it.
    const corners = [
      [0, 0],
      [4, 0],
      [4, 2],
      [2, 2],
      [2, 4],
      [0, 4]
    ] as const;
    expect([...pointsInside(x, y, corners)]).toEqual([0, 1]);
    expect(pointsInside(x, y, []).size).toBe(0);
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

  test("what is not selected turns grey and faint", () => {
    const bytes = colourBytes(Int32Array.from([0, 0]), new Set([1]));
    expect(bytes[3]).toBeLessThan(bytes[7] ?? 0);
    const hex = (at: number) => Buffer.from(bytes.subarray(at, at + 3)).toString("hex");
    expect(`#${hex(0)}`).toBe(noiseColour);
    expect(`#${hex(4)}`).toBe(categoryColour(0));
  });

  test("without a graphics card the pixels are written one by one, inside the picture only", () => {
    const pixels = new Uint8ClampedArray(10 * 10 * 4);
    const points = {
      x: Float32Array.from([0, 99]),
      y: Float32Array.from([0, 0]),
      colours: colourBytes(Int32Array.from([0, 0]), null)
    };
    paintPixels(pixels, 10, 10, points, { x: 0, y: 0, scale: 1 }, { width: 10, height: 10 }, 1, 1);
    const drawn = Array.from({ length: 100 }, (_, at) => at).filter((at) => (pixels[at * 4 + 3] ?? 0) > 0);
    expect(drawn).toEqual([55]);
  });
});
