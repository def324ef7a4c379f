import { drawPoints, type RasterPoints } from "#lib/map/raster.ts";
import { Fault } from "#lib/model/fault.ts";
import type { ScatterPainter } from "./scatter-painter.ts";

/** A painter by the processor alone: points go into an array of pixels, and that onto a canvas. @throws Fault `broken` */
export function openRasterPainter(canvas: HTMLCanvasElement): ScatterPainter {
  // Read often, so that the browser keeps its pixels beside ours instead of in a card that may not be there.
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) {
    throw new Fault("broken", "this browser does not draw on a canvas", {
      hint: "The list of clusters beside the map has the same content."
    });
  }
  let points: RasterPoints | null = null;
  let image = new ImageData(1, 1);
  let pixels = new Uint32Array(image.data.buffer);
  return {
    kind: "raster",
    canvas,
    load(loaded) {
      points = loaded;
    },
    draw({ view, size, ratio, radius }) {
      const width = Math.max(1, Math.round(size.width * ratio));
      const height = Math.max(1, Math.round(size.height * ratio));
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
      }
      if (image.width !== width || image.height !== height) {
        image = new ImageData(width, height);
        pixels = new Uint32Array(image.data.buffer);
      } else pixels.fill(0);
      if (points) {
        const left = view.x - size.width / 2 / view.scale;
        const top = view.y + size.height / 2 / view.scale;
        const scale = view.scale * ratio;
        drawPoints(points, { width, height, left, top, scale, pointSize: 2 * radius * ratio }, pixels);
      }
      context.putImageData(image, 0, 0);
    },
    finish() {
      context.getImageData(0, 0, 1, 1);
    },
    close() {
      points = null;
      image = new ImageData(1, 1);
      pixels = new Uint32Array(image.data.buffer);
    }
  };
}
