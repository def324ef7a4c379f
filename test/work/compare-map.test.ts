import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Population } from "#lib/wire/map-compare.ts";
import { CompareMap } from "#lib/work/compare-map.ts";
import { MapColumns } from "#lib/work/map-columns.ts";
import { MapReader } from "#lib/work/map-reader.ts";
import { ScopeKernels } from "#lib/work/scope-kernels.ts";
import { makeSpan } from "../spans.ts";
import { openDesk, scope } from "./desk-fixture.ts";

const mapId = "00000000-0000-7000-8000-00000000aaaa";
const madeAtMs = Date.UTC(2026, 10, 20, 12);
const own = { ...scope, businessUnits: ["support"] };

let bench: Awaited<ReturnType<typeof openDesk>>;
let kernels: ScopeKernels;
let compareMap: CompareMap;
let columns: MapColumns;

const idOf = (index: number) => makeSpan({ traceId: `t${index}`, spanId: "root" }).traceId;
const unitOf = (index: number) => (index % 2 === 0 ? "support" : "claims");

/** The desk's 40 traces on a map: units stand in clusters of their own, but for four in none. Even traces are scored. */
beforeAll(async () => {
  bench = await openDesk();
  const part = (size: number, x: number) => ({ size, label: `at ${x}`, x, y: 0, representatives: [] });
  await bench.state.keptMaps.keep(scope, {
    mapId,
    title: "Units",
    businessUnits: ["claims", "support"],
    ground: { workbook: "weekly", cell: "topics", text: "", params: {} },
    version: {
      ...{ version: 1, madeAtMs, snapshotId: 1, seed: 1, vectors: "none", points: 40, movedShare: null },
      ...{ nextClusterId: 2, ended: [] },
      clusters: [
        { clusterId: 0, change: "born", from: [], parts: { support: part(18, 0) } },
        { clusterId: 1, change: "born", from: [], parts: { claims: part(18, 9) } }
      ]
    }
  });
  const placements = Array.from({ length: 40 }, (_, index) => ({
    ...{ mapId, version: 1, traceId: idOf(index), businessUnit: unitOf(index) },
    ...{ day: "2026-11-10", startedAtMs: madeAtMs, arrivalClusterId: null },
    ...{
      x: (index % 2) * 9 + index / 100,
      y: 0,
      clusterId: index < 4 ? null : index % 2,
      arrivalClusterId: index < 4 ? null : index % 2,
      novelty: 0.1
    }
  }));
  const scores = Array.from({ length: 20 }, (_, at) => 2 * at).map((index) => ({
    ...{ traceId: idOf(index), spanId: null, businessUnit: "support", scorer: "polite", scorerVersion: "1" },
    ...{ source: "scorer" as const, day: "2026-11-10", runId: null, samplingProbability: 1 },
    ...{ score: scored(index), durationMs: 1, costUsd: null, scoredAtMs: madeAtMs, detail: null }
  }));
  await bench.lake.append(scope, { spans: [], scores, placements });
  kernels = new ScopeKernels(bench.lake);
  compareMap = new CompareMap(bench.state.keptMaps, kernels);
  columns = new MapColumns(bench.state, kernels);
});
afterAll(async () => {
  await kernels.close();
  await bench.close();
});

function scored(index: number) {
  if (index === 38) return { kind: "unscored" as const, status: "skipped" as const, reason: "no answer" };
  const pass = index % 4 === 0;
  return { kind: "scored" as const, value: pass ? 1 : 0, pass, label: null, reason: null, evidence: [] };
}

const support: Population = { kind: "unit", unit: "support" };
const claims: Population = { kind: "unit", unit: "claims" };
const compare = (a: Population, b: Population, as = scope) => compareMap.compare(as, mapId, a, b);

test("two units are compared by cluster, with samples of both, and those in no cluster count as one", async () => {
  const { differing, ...totals } = await compare(support, claims);
  expect(totals).toEqual({ first: 20, second: 20, both: 0, compared: 3 });
  expect(differing.map(({ clusterId, first, second }) => [clusterId, first, second])).toEqual([
    [0, 18, 0],
    [1, 0, 18]
  ]);
  expect(differing[0]!.label).toBe("at 0");
  expect(differing[0]!.low).toBeGreaterThan(0.6);
  expect(differing[0]!.firstSamples).toHaveLength(5);
  expect(differing[0]!.secondSamples).toEqual([]);
  expect(differing[0]!.firstSamples).toContain(idOf(20));
});

test("traces in both populations count in neither, and nobody is the same as oneself", async () => {
  expect(await compare(support, support)).toMatchObject({ first: 0, second: 0, both: 20, differing: [] });
  const billing: Population = { kind: "agent", agent: "billing" };
  expect(await compare(support, billing)).toMatchObject({ first: 10, second: 0, both: 10, differing: [] });
  expect(await compare({ kind: "others" }, billing)).toMatchObject({ first: 30, second: 10, both: 0 });
  await expect(compare({ kind: "others" }, { kind: "others" })).rejects.toMatchObject({ code: "invalid" });
});

test("agents, times, passes and fails are populations; the unscored are in neither of both verdicts", async () => {
  const day = 86_400_000;
  const from = Date.UTC(2026, 10, 10);
  const one: Population = { kind: "time", fromMs: from, toMs: from + day };
  const rest: Population = { kind: "time", fromMs: from + day, toMs: from + 30 * day };
  expect(await compare(one, rest)).toMatchObject({ first: 4, second: 36 });
  const [pass, fail] = (["pass", "fail"] as const).map((kind): Population => ({ kind, scorer: "polite" }));
  expect(await compare(pass!, fail!)).toMatchObject({ first: 10, second: 9, both: 0 });
  const version: Population = { kind: "version", agent: "billing", agentVersion: "2" };
  expect(await compare(version, support)).toMatchObject({ first: 0, second: 20 });
});

test("a reader sees traces of own units alone in both populations and in what can be chosen", async () => {
  expect(await compare(support, claims, own)).toMatchObject({ first: 20, second: 0, differing: [] });
  expect(await compare({ kind: "agent", agent: "refunds" }, { kind: "others" }, own)).toMatchObject({
    first: 10,
    second: 10
  });
  const { choices } = await compareMap.choices(own, mapId);
  expect(choices.filter(({ population }) => population.kind === "unit")).toEqual([{ population: support, traces: 20 }]);
  expect(choices).toContainEqual({ population: { kind: "agent", agent: "refunds" }, traces: 10 });
  expect(choices).toContainEqual({ population: { kind: "fail", scorer: "polite" }, traces: 9 });
  const weeks = choices.filter(({ population }) => population.kind === "time");
  expect(weeks.map(({ traces }) => traces).reduce((sum, n) => sum + n)).toBe(20);
  const legal = { ...scope, businessUnits: ["legal"] };
  await expect(compare(support, claims, legal)).rejects.toMatchObject({ code: "missing" });
  const foreign = { ...scope, businessUnits: ["claims"] };
  expect(await columns.list(foreign, mapId)).not.toContainEqual(expect.objectContaining({ name: "score:polite" }));
});

test("sides and columns come in the order of the points", async () => {
  const reader = new MapReader(bench.state.keptMaps, kernels);
  const points = tableFromIPC((await reader.points(scope, mapId, 0)).bytes);
  const table = tableFromIPC((await compareMap.sides(scope, mapId, support, claims)).bytes);
  expect(table.getChild("low")!.toArray()).toEqual(points.getChild("low")!.toArray());
  expect(Array.from(table.getChild("code")!)).toEqual(Array.from(points.getChild("cluster")!, (_, at) => sideAt(at)));
  function sideAt(at: number): number {
    const id = [...points.getChild("low")!][at] as bigint;
    const index = Array.from({ length: 40 }, (_, i) => i).find((i) => BigInt(`0x${idOf(i).slice(16)}`) === id)!;
    return index % 2;
  }
});

test("a score is a column in which unscored is none, and a category says which words its codes stand for", async () => {
  const listed = await columns.list(scope, mapId);
  expect(listed[0]).toEqual({
    ...{ name: "score:polite", label: "score: polite", kind: "number", middle: 0.5, none: "unscored" }
  });
  expect(listed.map(({ name }) => name)).toContain("duration_ms");
  expect(listed.map(({ name }) => name)).not.toContain("agent_version");
  const read = await columns.read(own, mapId, "score:polite", 0);
  const values = Array.from(tableFromIPC(read.bytes).getChild("value")!) as number[];
  expect(values.filter((value) => value === 1)).toHaveLength(10);
  expect(values.filter((value) => value === 0)).toHaveLength(9);
  expect(values.filter(Number.isNaN)).toHaveLength(1);
  const status = await columns.read(scope, mapId, "status", 0);
  expect(status.words).toEqual(["ok"]);
  expect(new Set(tableFromIPC(status.bytes).getChild("code")!)).toEqual(new Set([0]));
  const none = await columns.read(scope, mapId, "label", 0);
  expect([none.words, [...new Set(tableFromIPC(none.bytes).getChild("code")!)]]).toEqual([[], [-1]]);
  const { snapshotId } = await kernels.use(scope, async (kernel) => kernel);
  await bench.state.annotations.tag(scope, [{ traceId: idOf(0), businessUnit: "support" }], "rude", "");
  const labelled = await columns.read(scope, mapId, "label", 0);
  expect(await kernels.use(scope, async (kernel) => kernel.snapshotId)).toBe(snapshotId);
  expect([labelled.words, new Set(tableFromIPC(labelled.bytes).getChild("code")!)]).toEqual([
    ["rude"],
    new Set([-1, 0])
  ]);
  expect((await columns.read(scope, mapId, "status", Date.UTC(2030, 0, 1))).rows).toBe(0);
  await expect(columns.read(scope, mapId, "input", 0)).rejects.toMatchObject({ code: "invalid" });
});
