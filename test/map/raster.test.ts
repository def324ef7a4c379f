import fc from "fast-check";
import { expect, test } from "vitest";
import { drawPoints, fitView } from "#lib/map/raster.ts";

test("a point is drawn where the view puts it, up on the map being up on the screen", () => {
  const pixels = new Uint32Array(16);
  const view = { width: 4, height: 4, left: 0, top: 4, scale: 1, pointSize: 1 };
  drawPoints(Float32Array.of(0.5, 3.5, 9), Float32Array.of(3.5, 0.5, 9), Uint32Array.of(1, 2, 3), view, pixels);
  expect(pixels[0]).toBe(1);
  expect(pixels[15]).toBe(2);
  expect(pixels.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0)).toBe(2);
});

test("a fitted view shows every point, and strange places do no harm", () => {
  const place = fc.double({ min: -1e4, max: 1e4, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(place, place), { maxLength: 30 }), (places) => {
      const x = Float32Array.from(places, ([px]) => px);
      const y = Float32Array.from(places, ([, py]) => py);
      const view = fitView(x, y, 60, 40, 3);
      for (let point = 0; point < x.length; point++) {
        const pixels = new Uint32Array(60 * 40);
        drawPoints(x.subarray(point, point + 1), y.subarray(point, point + 1), Uint32Array.of(7), view, pixels);
        expect(pixels.includes(7)).toBe(true);
      }
      drawPoints(
        Float32Array.of(Number.NaN),
        Float32Array.of(Infinity),
        Uint32Array.of(7),
        view,
        new Uint32Array(2400)
      );
    }),
    { numRuns: 30 }
  );
});
