import fc from "fast-check";
import { expect, test } from "vitest";
import { outlineGroups } from "#lib/map/outline.ts";
import { pointInPolygon } from "#lib/math/polygon.ts";
import { seededRandom } from "#lib/math/random.ts";

/** Points around places, 500 each. */
function blobs(places: readonly (readonly [number, number])[], seed = 1) {
  const random = seededRandom(seed);
  const n = places.length * 500;
  const [x, y] = [new Float32Array(n), new Float32Array(n)];
  const groups = Int32Array.from({ length: n }, (_, at) => Math.floor(at / 500));
  for (let at = 0; at < n; at++) {
    const [angle, away] = [random() * 2 * Math.PI, Math.sqrt(random())];
    x[at] = places[groups[at]!]![0] + away * Math.cos(angle);
    y[at] = places[groups[at]!]![1] + away * Math.sin(angle);
  }
  return { x, y, groups };
}
const area = (ring: readonly (readonly [number, number])[]) =>
  ring.reduce((sum, [ax, ay], at) => {
    const [bx, by] = ring[(at + 1) % ring.length]!;
    return sum + (ax * by - bx * ay) / 2;
  }, 0);

test("an outline holds nearly all of its own cluster and nothing of another", () => {
  const { x, y, groups } = blobs([
    [0, 0],
    [4, 1]
  ]);
  const outlines = outlineGroups(x, y, groups);
  expect(outlines.map(({ rings }) => rings.length)).toEqual([1, 1]);
  for (const own of [0, 1]) {
    const ring = outlines[own]!.rings[0]!;
    const held = [0, 1].map((group) =>
      groups.reduce((sum, g, at) => sum + (g === group && pointInPolygon(x[at]!, y[at]!, ring) ? 1 : 0), 0)
    );
    expect(held[own]).toBeGreaterThan(450);
    expect(held[1 - own]).toBe(0);
    expect(area(ring)).toBeLessThan(1.5 * Math.PI);
  }
});

test("a crescent stays hollow: the outline is no convex hull", () => {
  const n = 1200;
  const x = Float32Array.from({ length: n }, (_, at) => Math.cos((at / n) * 4.5) * (2 + ((at * 7) % 10) / 20));
  const y = Float32Array.from({ length: n }, (_, at) => Math.sin((at / n) * 4.5) * (2 + ((at * 7) % 10) / 20));
  const [outline] = outlineGroups(x, y, new Int32Array(n));
  expect(outline!.rings.some((ring) => pointInPolygon(0, 0, ring))).toBe(false);
  expect(outline!.rings.some((ring) => pointInPolygon(2.2, 0.3, ring))).toBe(true);
});

test("strays do not stretch an outline, and a second half far away has a ring of its own", () => {
  const { x, y, groups } = blobs([
    [0, 0],
    [9, 9]
  ]);
  const one = outlineGroups(x, y, groups.fill(0))[0]!;
  expect(one.rings).toHaveLength(2);
  x[3] = 500;
  const again = outlineGroups(x, y, groups)[0]!;
  expect(Math.max(...again.rings.flat().map(([px]) => px))).toBeLessThan(12);
});

test("few, equal or lost points end in no outline, and an empty group keeps its place", () => {
  const nowhere = outlineGroups(
    Float32Array.of(1, 1, 1, Number.NaN),
    Float32Array.of(2, 2, 2, 0),
    Int32Array.of(2, 2, 2, 2)
  );
  expect(nowhere).toEqual([0, 1, 2].map(() => ({ rings: [], spots: [] })));
  expect(outlineGroups(new Float32Array(), new Float32Array(), new Int32Array())).toEqual([]);
});

test("every ring is closed, goes round to the left and is finite, for any points", () => {
  const place = fc.float({ min: -100, max: 100, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(place, place), { minLength: 3, maxLength: 80 }), (points) => {
      const x = Float32Array.from(points, ([px]) => px);
      const y = Float32Array.from(points, ([, py]) => py);
      for (const { rings, spots } of outlineGroups(x, y, new Int32Array(points.length))) {
        for (const ring of rings) {
          expect(area(ring)).toBeGreaterThan(0);
          expect(ring.flat().every(Number.isFinite)).toBe(true);
        }
        expect(spots.reduce((sum, [, , count]) => sum + count, 0)).toBeLessThanOrEqual(points.length);
      }
    })
  );
});
