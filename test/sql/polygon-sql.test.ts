import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { pointInPolygon } from "#lib/math/polygon.ts";
import { seededRandom } from "#lib/math/random.ts";
import { formatEdges, insidePolygonSql, polygonCondition } from "#lib/sql/polygon-sql.ts";

const random = seededRandom(5);
/** Half of them on a coarse grid, so that corners and edges are met. */
const points = Array.from({ length: 600 }, (_, i) => {
  const place = () => (i % 2 === 0 ? Math.floor(random() * 11) - 5 : random() * 12 - 6);
  return { id: i, x: place(), y: place() };
});
const engine = await (await DuckDBInstance.create()).connect();
await engine.run("create table points (id integer, x double, y double)");
await engine.run(`insert into points values ${points.map(({ id, x, y }) => `(${id}, ${x}, ${y})`).join(", ")}`);

test("the engine finds exactly the points inside", async () => {
  const coordinate = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.float({ min: -5, max: 5, noNaN: true }));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 10 }), async (polygon) => {
      const inside = points.filter(({ x, y }) => pointInPolygon(x, y, polygon)).map(({ id }) => id);
      const condition = insidePolygonSql("x", "y", "cast($edges as double[][])");
      const reader = await engine.runAndReadAll(`select id from points where ${condition} order by id`, {
        edges: formatEdges(polygon)
      });
      expect(reader.getRows().map(([id]) => Number(id))).toEqual(inside);
      const written = `select id from points where ${polygonCondition("points.x", "points.y", polygon)} order by id`;
      const again = await engine.runAndReadAll(written);
      expect(again.getRows().map(([id]) => Number(id))).toEqual(inside);
    }),
    { numRuns: 60 }
  );
});
