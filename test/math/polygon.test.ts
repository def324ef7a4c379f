import fc from "fast-check";
import { expect, test } from "vitest";
import { pointInPolygon } from "#lib/math/polygon.ts";

test("a star crossed twice leaves its middle out", () => {
  const star: [number, number][] = [0, 2, 4, 1, 3].map((turn) => [
    Math.sin((turn * 2 * Math.PI) / 5),
    Math.cos((turn * 2 * Math.PI) / 5)
  ]);
  expect(pointInPolygon(0, 0, star)).toBe(false);
  expect(pointInPolygon(0, 0.8, star)).toBe(true);
  expect(pointInPolygon(2, 0, star)).toBe(false);
});

test("fewer than three corners, or a place that is no number, contain nothing", () => {
  expect(pointInPolygon(0, 0, [])).toBe(false);
  expect(
    pointInPolygon(0.5, 0.5, [
      [0, 0],
      [1, 1]
    ])
  ).toBe(false);
  expect(
    pointInPolygon(Number.NaN, 0, [
      [-1, -1],
      [1, -1],
      [0, 1]
    ])
  ).toBe(false);
});

test("two halves of a rectangle share no point and lose none", () => {
  const half = fc.integer({ min: 0, max: 8 });
  fc.assert(
    fc.property(half, half, fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 }), (bottom, top, x, y) => {
      const left: [number, number][] = [
        [0, 0],
        [bottom, 0],
        [top, 8],
        [0, 8]
      ];
      const right: [number, number][] = [
        [bottom, 0],
        [8, 0],
        [8, 8],
        [top, 8]
      ];
      const whole: [number, number][] = [
        [0, 0],
        [8, 0],
        [8, 8],
        [0, 8]
      ];
      const held = Number(pointInPolygon(x, y, left)) + Number(pointInPolygon(x, y, right));
      expect(held).toBe(Number(pointInPolygon(x, y, whole)));
    })
  );
});
