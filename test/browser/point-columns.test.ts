import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addPoints,
  alignRows,
  findTraces,
  formatId,
  type PointColumns,
  type PointIds,
  parseIds
} from "#lib/browser/point-columns.ts";

const id = fc.stringMatching(/^[0-3]{2}0{13}[0-3]{2}0{13}[0-3]{2}$/);
const ids = fc.uniqueArray(id, { maxLength: 30 });

function pointsOf(list: readonly string[], agents: readonly string[] = ["one"]): PointColumns {
  const n = list.length;
  return {
    ...parseIds(list),
    x: Float32Array.from({ length: n }, (_, at) => at),
    y: new Float32Array(n),
    novelty: new Float32Array(n),
    cluster: new Int32Array(n),
    unit: new Int32Array(n),
    agent: Int32Array.from({ length: n }, () => agents.length - 1),
    started: new Float64Array(n),
    placedMs: n,
    agents
  };
}

const listed = (points: PointIds) => Array.from(points.low, (_, at) => formatId(points, at));

test("ids come back as they were, and what is none is left out", () => {
  fc.assert(
    fc.property(ids, (list) => {
      expect(listed(parseIds(list))).toEqual(list);
    })
  );
  expect(listed(parseIds(["f".repeat(32), "not an id"]))).toEqual(["f".repeat(32)]);
});

test("traces are found among points wherever they stand", () => {
  fc.assert(
    fc.property(ids, ids, (points, wanted) => {
      const found = findTraces(parseIds(points), parseIds(wanted));
      expect([...found]).toEqual(wanted.map((one) => points.indexOf(one)));
    })
  );
});

test("points that are known do not come twice, and agents keep their names", () => {
  fc.assert(
    fc.property(ids, ids, (before, later) => {
      const points = pointsOf(before);
      const joined = addPoints(points, pointsOf(later, ["two", "one", "three"]));
      expect(listed(joined)).toEqual([...new Set([...before, ...later])]);
      if (joined !== points) expect(joined.agents[joined.agent.at(-1)!]).toBe("three");
      expect(addPoints(joined, pointsOf(later))).toBe(joined);
    })
  );
});

test("each point has the row of its trace, also points that came later", () => {
  fc.assert(
    fc.property(ids, ids, ids, (first, second, table) => {
      const fresh = second.filter((one) => !first.includes(one));
      const points = [...first.toSorted(), ...fresh.toSorted()];
      const rows = table.toSorted();
      const aligned = alignRows(parseIds(points), parseIds(rows));
      expect([...aligned]).toEqual(points.map((one) => rows.indexOf(one)));
      const tail = alignRows(parseIds(points), parseIds(rows), first.length);
      expect([...tail]).toEqual(fresh.toSorted().map((one) => rows.indexOf(one)));
    })
  );
});
