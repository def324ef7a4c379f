import fc from "fast-check";
import { expect, test } from "vitest";
import { alignPoints, applyAlignment, mapWidth, medianMove } from "#lib/map/align.ts";
import { seededNormal } from "#lib/math/random.ts";

const normal = seededNormal(3);
const points = Float64Array.from({ length: 120 }, () => normal() * 5);
const cases = fc.record({
  angle: fc.double({ min: -4, max: 4, noNaN: true }),
  mirror: fc.constantFrom(1, -1),
  scale: fc.double({ min: 0.2, max: 5, noNaN: true }),
  dx: fc.double({ min: -50, max: 50, noNaN: true }),
  dy: fc.double({ min: -50, max: 50, noNaN: true })
});
const spoil = (mirror: number, angle: number, scale: number, dx: number, dy: number) =>
  applyAlignment(
    {
      xx: scale * Math.cos(angle),
      xy: -mirror * scale * Math.sin(angle),
      yx: scale * Math.sin(angle),
      yy: mirror * scale * Math.cos(angle),
      dx,
      dy
    },
    points
  );

test("any turn, mirroring, stretch and shift is undone", () => {
  fc.assert(
    fc.property(cases, ({ angle, mirror, scale, dx, dy }) => {
      const moved = spoil(mirror, angle, scale, dx, dy);
      const back = applyAlignment(alignPoints(moved, points, true), moved);
      expect(medianMove(points, back, mapWidth(points))).toBeLessThan(1e-9);
    })
  );
});

test("without a stretch all lengths stay", () => {
  fc.assert(
    fc.property(cases, ({ angle, mirror, scale, dx, dy }) => {
      const moved = spoil(mirror, angle, scale, dx, dy);
      const { xx, xy, yx, yy } = alignPoints(moved, points, false);
      expect(Math.abs(xx * yy - xy * yx)).toBeCloseTo(1, 9);
      expect(xx * xy + yx * yy).toBeCloseTo(0, 9);
    })
  );
});

test("no aligned map can be laid nearer by a small turn", () => {
  const noise = seededNormal(9);
  const moved = spoil(1, 2, 1, 3, 4).map((value) => value + noise());
  const aligned = applyAlignment(alignPoints(moved, points, false), moved);
  const cost = (given: Float64Array) => given.reduce((sum, value, at) => sum + (value - points[at]!) ** 2, 0);
  for (const angle of [0.01, -0.01]) {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    expect(cost(applyAlignment({ xx: cos, xy: -sin, yx: sin, yy: cos, dx: 0, dy: 0 }, aligned))).toBeGreaterThan(
      cost(aligned)
    );
  }
});

test("no points, one point and points on one place align without a NaN", () => {
  for (const few of [[], [1, 2], [3, 3, 3, 3]]) {
    const given = Float64Array.from(few);
    const there = given.map((value) => value + 1);
    expect([...applyAlignment(alignPoints(given, there, true), given)]).toEqual([...there]);
  }
  expect(mapWidth(new Float64Array(0))).toBe(1);
});
