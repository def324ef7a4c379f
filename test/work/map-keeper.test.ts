import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MapGround } from "#lib/model/kept-map.ts";
import { seenClusters } from "#lib/model/seen-clusters.ts";
import { openProjections } from "#lib/server/map/projections.ts";
import { MapKeeper } from "#lib/work/map-keeper.ts";
import { MapReader } from "#lib/work/map-reader.ts";
import { ScopeKernels } from "#lib/work/scope-kernels.ts";
import { builderHere } from "../map/builder-here.ts";
import { makeSpan } from "../spans.ts";
import { openDesk, scope } from "./desk-fixture.ts";

let bench: Awaited<ReturnType<typeof openDesk>>;
const maps = builderHere;
let folder: string;
let keeper: MapKeeper;

beforeAll(async () => {
  [bench, folder] = await Promise.all([openDesk(), mkdtemp(`${tmpdir()}/tracebook-projections-`)]);
  const { lake, state, desk, doors } = bench;
  keeper = new MapKeeper({
    lake,
    maps,
    embedder: null,
    model: null,
    keptMaps: state.keptMaps,
    projections: openProjections(folder),
    clock: doors.clock,
    borrow: (...ask) => desk.borrow(...ask)
  });
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true });
});

const ground: MapGround = {
  workbook: "weekly",
  cell: "topics",
  text: "```sql recent\nselect trace_id from traces where started_at >= $since\n```\n\n```yaml map topics\ntraces: recent\ntext: input\n```\n".replace(
    /^/,
    "---\nparams: { since: { type: date, default: 2026-11-01 } }\n---\n"
  ),
  params: {}
};
const never = new AbortController().signal;
const keep = () => keeper.keep(scope, { title: "Topics", ground }, () => undefined, never);

async function rows(units: readonly string[], sql: string) {
  const kernel = await bench.lake.openKernel({ ...scope, businessUnits: units });
  try {
    return await kernel.rows(sql, {}, 1000);
  } finally {
    await kernel.close();
  }
}

const idOf = (traceId: string) => makeSpan({ traceId, spanId: "root" }).traceId;

const arrive = (traceId: string, inputText: string) =>
  bench.lake.append(scope, {
    spans: [
      makeSpan({
        traceId,
        spanId: "root",
        kind: "agent",
        agent: "refunds",
        businessUnit: "support",
        startNs: BigInt(Date.UTC(2026, 10, 21, 9)) * 1_000_000n,
        input: [{ role: "user", parts: [{ type: "text", content: inputText }] }],
        inputText
      })
    ],
    scores: []
  });

test("a kept map takes in the traces that arrive, moves nothing, and keeps its clusters when it is built again", async () => {
  const map = await keep();
  const places = `select trace_id, x, y, cluster from placements where map_id = '${map.mapId}' order by trace_id`;
  const before = await rows(scope.businessUnits, places);
  expect(before).toHaveLength(40);
  expect(await keeper.placeNew(scope, map.mapId, never)).toBe(0);

  const late = idOf("late");
  await arrive("late", "trace 7 refund 2");
  await arrive("wordless", "");
  expect(await keeper.placeNew(scope, map.mapId, never)).toBe(1);
  const after = await rows(scope.businessUnits, places);
  expect(after.filter(({ trace_id }) => trace_id !== late)).toEqual(before);
  const twin = before.find(({ trace_id }) => trace_id === idOf("t7"));
  expect(after.find(({ trace_id }) => trace_id === late)).toEqual({ ...twin, trace_id: late });
  expect(await keeper.placeNew(scope, map.mapId, never)).toBe(0);

  const again = await keeper.rebuild(scope, map.mapId, () => undefined, never);
  expect(again.version).toMatchObject({ version: 2, points: 42 });
  const ids = (kept: typeof map) => seenClusters(kept, scope).map(({ clusterId }) => clusterId);
  expect(ids(again).filter((id) => ids(map).includes(id)).length).toBeGreaterThan(0);
  expect(await rows(scope.businessUnits, places)).toHaveLength(42);
});

test("who sees one unit of a map sees its traces only, and cannot build it again", async () => {
  const map = await keep();
  const own = { ...scope, businessUnits: ["support"] };
  const units = await rows(
    ["support"],
    `select distinct business_unit as u from placements where map_id = '${map.mapId}'`
  );
  expect(units).toEqual([{ u: "support" }]);
  const sizes = seenClusters(map, own).reduce((sum, { size }) => sum + size, 0);
  expect(sizes).toBeLessThanOrEqual(22);
  await expect(keeper.rebuild(own, map.mapId, () => undefined, never)).rejects.toMatchObject({ code: "denied" });
  await expect(keeper.remove({ ...own, businessUnits: ["legal"] }, map.mapId)).rejects.toMatchObject({
    code: "missing"
  });
  await keeper.remove(scope, map.mapId);
  expect(await rows(scope.businessUnits, `select 1 from placements where map_id = '${map.mapId}'`)).toEqual([]);
});

test("a map that was stopped, has no such cell or no traces is not kept", async () => {
  const kept = (await bench.state.keptMaps.list(scope)).length;
  const stop = new AbortController();
  stop.abort();
  await expect(keeper.keep(scope, { title: "Topics", ground }, () => undefined, stop.signal)).rejects.toThrow();
  const lost = { ...ground, cell: "nowhere" };
  await expect(keeper.keep(scope, { title: "Topics", ground: lost }, () => undefined, never)).rejects.toMatchObject({
    code: "missing"
  });
  const empty = { ...ground, params: { since: "2027-01-01" } };
  await expect(keeper.keep(scope, { title: "Topics", ground: empty }, () => undefined, never)).rejects.toMatchObject({
    code: "invalid"
  });
  expect(await bench.state.keptMaps.list(scope)).toHaveLength(kept);
});

test("a reader gets the points of own units as columns, and what grew there", async () => {
  const map = await keep();
  const reader = new MapReader(bench.state.keptMaps, new ScopeKernels(bench.lake));
  const own = { ...scope, businessUnits: ["support"] };
  const opened = await reader.open(own, map.mapId);
  expect(opened).toMatchObject({ title: "Topics", version: 1, isWhole: false, units: ["support"], emerging: [] });
  const { bytes, agents } = await reader.points(own, map.mapId, 0);
  expect([...agents].sort()).toEqual(["billing", "refunds"]);
  const table = tableFromIPC(bytes);
  const [row] = table.toArray() as [Readonly<Record<string, number | bigint>>];
  const places = await rows(["support"], `select * from placements where map_id = '${map.mapId}' order by trace_id`);
  expect(table.numRows).toBe(places.length);
  expect(BigInt(`0x${String(places[0]!["trace_id"]).slice(0, 16)}`)).toBe(row["high"]);
  expect(row["x"]).toBeCloseTo(Number(places[0]!["x"]), 4);
  expect(row["unit"]).toBe(0);
  await expect(reader.open({ ...scope, businessUnits: ["legal"] }, map.mapId)).rejects.toMatchObject({
    code: "missing"
  });
  expect(await reader.list({ ...scope, businessUnits: ["legal"] })).toEqual([]);
});
