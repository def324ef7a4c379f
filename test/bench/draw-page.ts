import { colourPoints } from "#lib/browser/scatter-colour.ts";
import { openGlPainter } from "#lib/browser/scatter-gl.ts";
import { ScatterGrid } from "#lib/browser/scatter-grid.ts";
import type { ScatterFrame, ScatterPainter } from "#lib/browser/scatter-painter.ts";
import { openRasterPainter } from "#lib/browser/scatter-raster.ts";
import { boundPoints, type Corner, fitView, panBy, pointRadius } from "#lib/browser/scatter-view.ts";
import { coverBox, differDensity } from "#lib/map/density-difference.ts";
import { seededNormal, seededRandom } from "#lib/math/random.ts";

/** What one painter took, in ms. */
export interface DrawTimes {
  /** To hand over the points and make the first picture of them. */
  readonly firstMs: number;
  /** To make another picture, moved: the median of many. */
  readonly panMs: number;
}

/** What a page measured. A painter that cannot be opened is null. */
export interface DrawReport {
  readonly raster: DrawTimes;
  readonly webgl2: DrawTimes | null;
  /** To know which points lie in a lasso of 200 corners around a third of the map: the median of many. */
  readonly lassoMs: number;
  /** The first of those. */
  readonly firstLassoMs: number;
  readonly selected: number;
  /** To know where two halves of the points differ in density, the first time. */
  readonly densityMs: number;
}

/** Somebody who draws a lasso needs longer than this; meanwhile the browser compiles what was rehearsed. */
const restMs = 500;

/** Runs in the browser: a million points in forty clusters on a map of 1136 x 800 pixels. */
async function measureDrawing(n: number): Promise<DrawReport> {
  const [random, normal] = [seededRandom(7), seededNormal(8)];
  const x = new Float32Array(n);
  const y = new Float32Array(n);
  const cluster = new Int32Array(n);
  for (let at = 0; at < n; at++) {
    const own = Math.floor(random() * 40);
    cluster[at] = own;
    x[at] = (own % 8) * 5 + normal();
    y[at] = Math.floor(own / 8) * 5 + normal();
  }
  const size = { width: 1136, height: 800 };
  const points = { x, y, colours: colourPoints(cluster, null), order: null, sizes: null };
  const frame: ScatterFrame = { view: fitView(boundPoints(x, y), size), size, ratio: 1, radius: pointRadius(n, 1) };
  const time = (work: () => void): number => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  const measure = (painter: ScatterPainter, frames: number): DrawTimes => {
    document.body.replaceChildren(painter.canvas);
    const firstMs = time(() => {
      painter.load(points);
      painter.draw(frame);
      painter.finish();
    });
    const pans = Array.from({ length: frames }, (_, at) =>
      time(() => {
        painter.draw({ ...frame, view: panBy(frame.view, at * 3, at * 2) });
        painter.finish();
      })
    );
    painter.close();
    return { firstMs, panMs: median(pans) };
  };
  const raster = measure(openRasterPainter(document.createElement("canvas")), 40);
  const card = openGlPainter(document.createElement("canvas"), () => undefined);
  const lasso = Array.from({ length: 200 }, (_, at): Corner => {
    const reach = 9 + 3 * Math.sin(at * 0.4);
    return [17 + reach * Math.cos((at / 200) * 2 * Math.PI), 10 + reach * Math.sin((at / 200) * 2 * Math.PI)];
  });
  // The page sorts points into squares and rehearses while nobody waits.
  const grid = new ScatterGrid(x, y);
  grid.rehearse();
  await new Promise((resolve) => setTimeout(resolve, restMs));
  let selected = 0;
  const lassos = Array.from({ length: 15 }, () =>
    time(() => {
      selected = grid.mask(lasso).count;
    })
  );
  const halves = cluster.map((own) => own % 2);
  const densityMs = time(() => differDensity(x, y, halves, coverBox(boundPoints(x, y), 160), 2.5));
  return {
    raster,
    webgl2: card && measure(card, 6),
    lassoMs: median(lassos),
    firstLassoMs: lassos[0]!,
    selected,
    densityMs
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

Object.assign(globalThis, { measureDrawing });
