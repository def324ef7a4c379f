import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ScatterGrid } from "#lib/browser/scatter-grid.ts";
import { pointInPolygon } from "#lib/math/polygon.ts";
import { seededRandom } from "#lib/math/random.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { formatEdges, insidePolygonSql } from "#lib/sql/polygon-sql.ts";
import { clearSelection, selectPoints } from "#lib/work/map-selection.ts";
import { openLakeFixture, scopeOf } from "../server/lake/fixture.ts";

let fixture: Awaited<ReturnType<typeof openLakeFixture>>;
let kernel: Kernel;

const random = seededRandom(11);
/** As a map has them: 32-bit numbers, half of them on a grid that corners lie on, too. */
const place = (_: unknown, at: number) => Math.fround(at % 2 === 0 ? Math.floor(random() * 11) - 5 : random() * 12 - 6);
const x = Float32Array.from({ length: 500 }, place);
const y = Float32Array.from({ length: 500 }, place);

beforeAll(async () => {
  fixture = await openLakeFixture();
  kernel = await fixture.lake.openKernel(scopeOf(["support"]));
  const ids = Array.from(x, (_, at) => String(at));
  await kernel.load("topics", [
    { name: "id", type: "VARCHAR", values: ids },
    { name: "x", type: "DOUBLE", values: x },
    { name: "y", type: "DOUBLE", values: y }
  ]);
});
afterAll(async () => {
  await kernel.close();
  await fixture.close();
});

test("the page, the map cell and the areas of kept maps hold the same points of any polygon, to the last one", async () => {
  const page = new ScatterGrid(x, y);
  const coordinate = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.float({ min: -6, max: 6, noNaN: true }));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 12 }), async (polygon) => {
      const exact = [...x.keys()].filter((at) => pointInPolygon(x[at]!, y[at]!, polygon));
      const { mask } = page.mask(polygon);
      expect([...x.keys()].filter((at) => mask[at] === 1)).toEqual(exact);
      const { rows } = await selectPoints(kernel, "topics", { polygon });
      expect(rows).toBe(exact.length);
      const picked = await kernel.rows("select id from topics_selection order by id::integer", {}, 500);
      expect(picked.map(({ id }) => Number(id))).toEqual(exact);
      const area = `select id from topics where ${insidePolygonSql("x", "y", "cast($edges as double[][])")} order by id::integer`;
      const held = await kernel.rows(area, { edges: formatEdges(polygon) }, 500);
      expect(held.map(({ id }) => Number(id))).toEqual(exact);
    }),
    { numRuns: 60 }
  );
  expect((await clearSelection(kernel, "topics")).rows).toBe(0);
});
