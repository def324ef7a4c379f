import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { pointInPolygon } from "#lib/math/polygon.ts";
import { seededRandom } from "#lib/math/random.ts";
import { parsePlacementSelection, placementSelectionSql } from "#lib/sql/placement-selection.ts";

const random = seededRandom(5);
/** Half of them on a coarse grid, so that corners and edges are met. */
const points = Array.from({ length: 600 }, (_, i) => {
  const place = () => (i % 2 === 0 ? Math.floor(random() * 11) - 5 : random() * 12 - 6);
  return { id: i, x: place(), y: place() };
});
const engine = await (await DuckDBInstance.create()).connect();
await engine.run("create table placements (map_id varchar, version integer, id integer, x double, y double)");
const rows = points.map(
  ({ id, x, y }) => `('m', 1, ${id}, ${x}, ${y}), ('m', 2, ${id}, ${x}, ${y}), ('other', 1, ${id}, ${x}, ${y})`
);
await engine.run(`insert into placements values ${rows.join(", ")}`);

async function select(selection: unknown): Promise<number[]> {
  const { sql, values } = placementSelectionSql(parsePlacementSelection(selection));
  const reader = await engine.runAndReadAll(`select id from placements where ${sql} order by id`, { ...values });
  return reader.getRows().map(([id]) => Number(id));
}

test("the engine selects exactly the points inside, on the one map and version", async () => {
  const coordinate = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.float({ min: -5, max: 5, noNaN: true }));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 10 }), async (polygon) => {
      const inside = points.filter(({ x, y }) => pointInPolygon(x, y, polygon)).map(({ id }) => id);
      expect(await select({ mapId: "m", version: 1, polygon })).toEqual(inside);
    }),
    { numRuns: 60 }
  );
});

test("what a person chose is bound and never part of the statement", () => {
  const polygon = [
    [0, 0],
    [1, 0],
    [1, 1]
  ];
  const one = placementSelectionSql(parsePlacementSelection({ mapId: "'; drop table x; --", version: 1, polygon }));
  const other = placementSelectionSql(
    parsePlacementSelection({ mapId: "m", version: 7, polygon: [...polygon, [0, 9]] })
  );
  expect(one.sql).toBe(other.sql);
  expect(() => placementSelectionSql(parsePlacementSelection({ mapId: "m", version: 1, polygon }), "a b")).toThrow(
    /names/
  );
});

test("two selections stand in one statement", async () => {
  const square = (from: number) => [
    [from, from],
    [from + 2.5, from],
    [from + 2.5, from + 2.5],
    [from, from + 2.5]
  ];
  const [a, b] = [-4.25, 0.25].map((from, at) =>
    placementSelectionSql(parsePlacementSelection({ mapId: "m", version: 1, polygon: square(from) }), `area${at}`)
  );
  const reader = await engine.runAndReadAll(`select count(*) from placements where ${a!.sql} or ${b!.sql}`, {
    ...a!.values,
    ...b!.values
  });
  const alone = await Promise.all(
    [-4.25, 0.25].map((from) => select({ mapId: "m", version: 1, polygon: square(from) }))
  );
  expect(Number(reader.getRows()[0]![0])).toBe(alone[0]!.length + alone[1]!.length);
});

test.each([
  [null, /no object/],
  [{ mapId: "", version: 1, polygon: [] }, /names no map/],
  [{ mapId: "m", version: 1.5, polygon: [] }, /no version/],
  [
    {
      mapId: "m",
      version: 1,
      polygon: [
        [0, 0],
        [1, 1]
      ]
    },
    /2 corners/
  ],
  [
    {
      mapId: "m",
      version: 1,
      polygon: [
        [0, 0],
        [1, 1],
        [2, "3"]
      ]
    },
    /corner 3/
  ],
  [
    {
      mapId: "m",
      version: 1,
      polygon: [
        [0, 0],
        [1, Number.NaN],
        [2, 3]
      ]
    },
    /corner 2/
  ]
])("a selection that is none is refused: %j", (value, sentence) => {
  expect(() => parsePlacementSelection(value)).toThrow(sentence);
});
