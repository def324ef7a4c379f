import { afterEach, expect, test } from "vitest";
import type { KeptCluster } from "#lib/model/kept-map.ts";
import type { Placement } from "#lib/model/placement.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "./fixture.ts";

let opened: LakeFixture | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

const all = scopeOf(["legal", "sales"]);

const placement = (traceId: string, businessUnit: string, x: number, version = 1): Placement => ({
  mapId: "m1",
  version,
  traceId,
  businessUnit,
  day: "2026-11-01",
  startedAtMs: Date.UTC(2026, 10, 1),
  x,
  y: 0.5,
  clusterId: x < 0 ? null : 4,
  arrivalClusterId: x < 1 ? null : 4,
  novelty: 0.25
});

const cluster: KeptCluster = {
  clusterId: 4,
  change: "born",
  from: [],
  parts: {
    sales: { size: 3, label: "refund, twice", x: 1, y: 1, representatives: ["t1"] },
    legal: { size: 5, label: "secret merger", x: 4, y: 1, representatives: ["t9"] }
  }
};

async function openKept(): Promise<LakeFixture> {
  opened = await openLakeFixture();
  const version = { madeAtMs: 1, snapshotId: 1, seed: 1, vectors: "", points: 2, movedShare: null, nextClusterId: 5 };
  await opened.state.keptMaps.keep(all, {
    mapId: "m1",
    title: "Topics",
    businessUnits: all.businessUnits,
    ground: { workbook: "w", cell: "topics", text: "", params: {} },
    version: { ...version, version: 1, clusters: [cluster], ended: [] }
  });
  return opened;
}

async function read(fixture: LakeFixture, units: readonly string[], sql: string) {
  const kernel = await fixture.lake.openKernel(scopeOf(units, "scientist"));
  try {
    return await kernel.rows(sql, {}, 100);
  } finally {
    await kernel.close();
  }
}

const places = "select trace_id, x, cluster, cluster_label, novelty from placements where map = 'Topics' order by x";

test("placements are rows that SQL reads at once and after a flush, each trace once, where it was placed last", async () => {
  const fixture = await openKept();
  await fixture.lake.append(all, { spans: [], scores: [], placements: [placement("t1", "sales", -2)] });
  await fixture.lake.append(all, {
    spans: [],
    scores: [],
    placements: [placement("t1", "sales", 2), placement("t2", "sales", -1), placement("old", "sales", 9, 7)]
  });
  const expected = [
    { trace_id: "t2", x: -1, cluster: null, cluster_label: null, novelty: 0.25 },
    { trace_id: "t1", x: 2, cluster: 4, cluster_label: "refund, twice", novelty: 0.25 }
  ];
  expect(await read(fixture, ["sales"], places)).toEqual(expected);
  await fixture.lake.flush();
  expect(await read(fixture, ["sales"], places)).toEqual(expected);
  expect(await fixture.lake.verify()).toEqual([]);
});

test("one unit sees neither the places nor the words nor the counts of another", async () => {
  const fixture = await openKept();
  const placements = [placement("t1", "sales", 2), placement("t9", "legal", 3)];
  await fixture.lake.append(all, { spans: [], scores: [], placements });
  expect(await read(fixture, ["sales"], places)).toMatchObject([{ trace_id: "t1", cluster_label: "refund, twice" }]);
  expect(await read(fixture, ["sales"], "select label, size, x from clusters")).toEqual([
    { label: "refund, twice", size: 3, x: 1 }
  ]);
  expect(await read(fixture, ["legal", "sales"], "select label, size from clusters")).toEqual([
    { label: "secret merger", size: 8 }
  ]);
  expect(await read(fixture, ["support"], "select count(*) as n from maps")).toMatchObject([{ n: 0 }]);
});

test("an area holds the traces inside it, those that arrive later, too, and only one's own", async () => {
  const fixture = await openKept();
  const inside = "select area, trace_id from areas order by trace_id";
  const polygon = [
    [1, 0],
    [3.5, 0],
    [3.5, 1],
    [1, 1]
  ] as const;
  await fixture.lake.append(all, { spans: [], scores: [], placements: [placement("t1", "sales", 2)] });
  await fixture.state.keptMaps.keepArea(all, "m1", { name: "Refunds", polygon });
  expect(await read(fixture, ["sales"], inside)).toEqual([{ area: "Refunds", trace_id: "t1" }]);
  const later = [placement("t2", "sales", 3), placement("t3", "sales", 4), placement("t9", "legal", 2)];
  await fixture.lake.append(all, { spans: [], scores: [], placements: later });
  expect(await read(fixture, ["sales"], inside)).toMatchObject([{ trace_id: "t1" }, { trace_id: "t2" }]);
  expect(await read(fixture, ["support"], inside)).toEqual([]);
});
