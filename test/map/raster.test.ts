import fc from "fast-check";
import { expect, test } from "vitest";
import { drawPoints, type RasterPoints } from "#lib/map/raster.ts";

const opaque = (grey: number) => (0xff000000 | (grey << 16) | (grey << 8) | grey) >>> 0;

function points(places: readonly (readonly [number, number])[], more: Partial<RasterPoints> = {}): RasterPoints {
  return {
    x: Float32Array.from(places, ([x]) => x),
    y: Float32Array.from(places, ([, y]) => y),
    colours: Uint32Array.from(places, (_, at) => opaque(at + 1)),
    order: null,
    sizes: null,
    ...more
  };
}
const small = { width: 4, height: 4, left: 0, top: 4, scale: 1, pointSize: 1 };

test("a point is drawn where the view puts it, up on the map being up on the screen", () => {
  const pixels = new Uint32Array(16);
  drawPoints(
    points([
      [0.5, 3.5],
      [3.5, 0.5],
      [9, 9]
    ]),
    small,
    pixels
  );
  expect(pixels[0]).toBe(opaque(1));
  expect(pixels[15]).toBe(opaque(2));
  expect(pixels.filter((value) => value > 0)).toHaveLength(2);
});

test("an order says who lies on top, and who is not drawn at all", () => {
  const places = [
    [0.5, 0.5],
    [0.5, 0.5],
    [2.5, 2.5]
  ] as const;
  const drawn = (order: readonly number[] | null) => {
    const pixels = new Uint32Array(16);
    drawPoints(points(places, { order: order && Uint32Array.from(order) }), small, pixels);
    return [...pixels.filter((value) => value > 0)];
  };
  expect(drawn(null)).toEqual([opaque(3), opaque(2)]);
  expect(drawn([1, 0])).toEqual([opaque(1)]);
  expect(drawn([])).toEqual([]);
});

test("a large point is a disc as wide as its size says, softer at the edge", () => {
  const pixels = new Uint32Array(40 * 40);
  const view = { width: 40, height: 40, left: 0, top: 40, scale: 1, pointSize: 10 };
  drawPoints(points([[20, 20]], { sizes: Float32Array.of(2) }), view, pixels);
  const alphas = Array.from(pixels.subarray(20 * 40, 21 * 40), (pixel) => pixel >>> 24);
  expect(alphas.filter((alpha) => alpha > 0)).toHaveLength(20);
  expect(alphas[20]).toBe(255);
  // Its corner is not a corner.
  expect(pixels[11 * 40 + 11]).toBe(0);
  const area = pixels.reduce((sum, pixel) => sum + (pixel >>> 24) / 255, 0);
  expect(area).toBeGreaterThan(Math.PI * 90);
  expect(area).toBeLessThan(Math.PI * 110);
});

test("colours of points with little opacity add up", () => {
  const pixels = new Uint32Array(100);
  const view = { width: 10, height: 10, left: 0, top: 10, scale: 1, pointSize: 6 };
  const faint = 0x64000000;
  const middle = () => pixels[5 * 10 + 5]! >>> 24;
  drawPoints(points([[5, 5]], { colours: Uint32Array.of(faint) }), view, pixels);
  expect(middle()).toBe(100);
  drawPoints(points([[5, 5]], { colours: Uint32Array.of(faint) }), view, pixels);
  expect(middle()).toBe(161);
});

test("no place, size or opacity writes outside the picture or fails", () => {
  const any = fc.double({ min: -1e4, max: 1e4, noDefaultInfinity: false });
  fc.assert(
    fc.property(fc.array(fc.tuple(any, any), { maxLength: 20 }), any, fc.nat({ max: 200 }), (places, size, alpha) => {
      const view = { width: 30, height: 20, left: -15, top: 10, scale: 0.5, pointSize: size };
      const pixels = new Uint32Array(30 * 20 + 1);
      const own = points(places, {
        sizes: Float32Array.from(places, ([x]) => x),
        colours: new Uint32Array(places.length).fill((alpha << 24) >>> 0)
      });
      drawPoints(own, view, pixels.subarray(0, 600));
      expect(pixels[600]).toBe(0);
    }),
    { numRuns: 100 }
  );
});
