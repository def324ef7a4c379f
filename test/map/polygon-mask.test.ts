import fc from "fast-check";
import { expect, test } from "vitest";
import { ScatterGrid } from "#lib/browser/scatter-grid.ts";
import { pointInPolygon } from "#lib/math/polygon.ts";
import { seededRandom } from "#lib/math/random.ts";

/**
 * Corners that often share a coordinate with a point, crossing themselves as they like. None is so near to zero that
 * its difference from another is no double: a map has no such places.
 */
const loose = fc.float({ min: -5, max: 5, noNaN: true }).map((at) => (Math.abs(at) < 2 ** -20 ? 0 : at));
const coordinate = fc.oneof(fc.integer({ min: -5, max: 5 }), loose);
const polygons = fc.array(fc.tuple(coordinate, coordinate), { maxLength: 12 });

function expectExact(x: Float32Array, y: Float32Array, polygon: readonly (readonly [number, number])[]): void {
  const { mask, count } = new ScatterGrid(x, y).mask(polygon);
  const wrong = [...mask].filter((inside, point) => (inside === 1) !== pointInPolygon(x[point]!, y[point]!, polygon));
  expect(wrong).toEqual([]);
  expect(count).toBe(mask.filter((inside) => inside === 1).length);
}

test("the mask is what the exact test says for every point, corners and edges included", () => {
  const random = seededRandom(1);
  const grid = Array.from({ length: 121 }, (_, i) => [(i % 11) - 5, Math.floor(i / 11) - 5] as const);
  const spread = Array.from({ length: 300 }, () => [random() * 12 - 6, random() * 12 - 6] as const);
  fc.assert(
    fc.property(polygons, (polygon) => {
      const points = [...grid, ...spread, ...polygon, [Number.NaN, 0] as const];
      expectExact(
        Float32Array.from(points, ([x]) => x),
        Float32Array.from(points, ([, y]) => y),
        polygon
      );
    }),
    { numRuns: 60 }
  );
});

test("a lasso over a hundred thousand points holds exactly those inside", () => {
  const random = seededRandom(2);
  const n = 100_000;
  const [x, y] = [0, 1].map(() => Float32Array.from({ length: n }, () => random() * 40 - 20));
  const lasso = Array.from({ length: 150 }, (_, i) => {
    const angle = (i / 150) * 2 * Math.PI;
    const radius = 8 + 4 * Math.sin(5 * angle) + random();
    return [radius * Math.cos(angle), radius * Math.sin(angle)] as const;
  });
  expectExact(x!, y!, lasso);
});

test("a thin, a flat and no polygon hold what the exact test says", () => {
  const xs = Float32Array.of(0, 0.5, 1, 2);
  for (const polygon of [
    [],
    [
      [0, 0],
      [1, 0],
      [2, 0]
    ],
    [
      [0, -1e-9],
      [2, -1e-9],
      [2, 1e-9],
      [0, 1e-9]
    ]
  ] as const) {
    expectExact(xs, new Float32Array(4), polygon);
  }
});
