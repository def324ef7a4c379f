import { expect, test } from "vitest";
import { markedPoints, partClusters, pickPoints } from "#lib/browser/part-points.ts";
import type { ScatterColumn } from "#lib/browser/scatter-columns.ts";
import type { MapPoints } from "#lib/browser/scatter-rows.ts";

const columns: readonly ScatterColumn[] = [
  { kind: "number", name: "cost", values: Float64Array.of(1, 2, 3, 4) },
  { kind: "category", name: "agent", codes: Int32Array.of(0, 1, 1, -1), words: ["a", "b"], counts: [1, 2] }
];
const whole: MapPoints = {
  x: Float32Array.of(0, 1, 2, 3),
  y: Float32Array.of(0, 0, 0, 0),
  cluster: Int32Array.of(5, 5, 2, -1),
  choices: columns.map((column) => ({
    name: column.name,
    label: column.name,
    kind: column.kind,
    isFacet: false,
    read: async () => column
  })),
  row: async (at) => new Map([["trace_id", `t${at}`]]),
  text: (at, column) => `${column} ${at}`,
  novelty: (at) => at / 10,
  traceIds: async (points) => Array.from(points, (at) => `t${at}`),
  maskTraces: async (ids) => Uint8Array.from([0, 1, 2, 3], (at) => (ids.has(`t${at}`) ? 1 : 0))
};
const places = { x: Float32Array.of(7, 9, 8), y: Float32Array.of(1, 3, 5) };
const part = pickPoints(whole, Int32Array.of(1, 0, 3), places);

test("a part of a map's points answers for its own", async () => {
  expect([...part.cluster]).toEqual([5, 5, -1]);
  expect([part.x, part.y]).toEqual([places.x, places.y]);
  expect((await part.row(2)).get("trace_id")).toBe("t3");
  expect([part.text(0, "agent"), part.novelty(2)]).toEqual(["agent 1", 0.3]);
  expect(await part.traceIds(Int32Array.of(2, 0))).toEqual(["t3", "t1"]);
  expect([...(await part.maskTraces(new Set(["t0", "t2"])))]).toEqual([0, 1, 0]);
  expect(await part.choices[0]?.read()).toMatchObject({ values: Float64Array.of(2, 1, 4) });
  expect(await part.choices[1]?.read()).toMatchObject({ codes: Int32Array.of(1, 0, -1), counts: [1, 1] });
});

test("its clusters are those that it has points of, where they lie now", () => {
  const clusters = [
    { id: 2, label: "two" },
    { id: 5, label: "five" }
  ];
  expect(partClusters(clusters, part)).toEqual([{ id: 5, label: "five", size: 2, x: 8, y: 2 }]);
  const all = partClusters(clusters, whole);
  expect(all.map(({ id, size }) => [id, size])).toEqual([
    [5, 2],
    [2, 1]
  ]);
});

test("marked points are those of the mask", () => {
  expect([...markedPoints(Uint8Array.of(0, 1, 0, 1))]).toEqual([1, 3]);
});
