import { afterEach, expect, test } from "vitest";
import type { Placement } from "#lib/model/placement.ts";
import { readEmerging } from "#lib/work/read-emerging.ts";
import { ScopeKernels } from "#lib/work/scope-kernels.ts";
import { watchEmerging } from "#lib/work/watch-emerging.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";

let opened: LakeFixture | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

const all = scopeOf(["legal", "sales"]);
const idOf = (at: number) => at.toString(16).padStart(32, "0");
const part = (label: string) => ({ size: 9, label, x: 0, y: 0, representatives: [] });

const scored = (value: number) =>
  ({ kind: "scored", value, pass: value === 1, label: null, reason: null, evidence: [] }) as const;

/** Traces on `days` days to the 30th, as many each, in a cluster. */
function placed(businessUnit: string, cluster: number, days: number, each: number, first: number): Placement[] {
  return Array.from({ length: days * each }, (_, at) => {
    const day = 30 - Math.floor(at / each);
    return {
      ...{ mapId: "m1", version: 1, traceId: idOf(first + at), businessUnit },
      ...{ day: `2026-11-${String(day).padStart(2, "0")}`, startedAtMs: Date.UTC(2026, 10, day) },
      ...{ x: at / 100, y: 0, clusterId: cluster, arrivalClusterId: cluster, novelty: at / 1000 }
    };
  });
}

async function openMap(placements: readonly Placement[]) {
  opened = await openLakeFixture();
  const { lake, state } = opened;
  const version = { madeAtMs: 1, snapshotId: 1, seed: 1, vectors: "", points: 2, movedShare: null, nextClusterId: 5 };
  const clusters = [0, 1].map((clusterId) => ({
    ...{ clusterId, change: "born" as const, from: [] },
    parts: { sales: part(`sales words ${clusterId}`), legal: part(`legal words ${clusterId}`) }
  }));
  await state.keptMaps.keep(all, {
    mapId: "m1",
    title: "Topics",
    businessUnits: all.businessUnits,
    ground: { workbook: "w", cell: "topics", text: "", params: {} },
    version: { ...version, version: 1, clusters, ended: [] }
  });
  // Each second trace is scored: now it fails, before it passed.
  const scores = placements
    .filter(({ businessUnit }, at) => businessUnit === "sales" && at % 2 === 0)
    .map(({ traceId, day }) => ({
      ...{ traceId, spanId: null, businessUnit: "sales", scorer: "polite", scorerVersion: "1", day, runId: null },
      ...{ source: "scorer" as const, samplingProbability: 0.5, durationMs: 1, costUsd: null, scoredAtMs: 1 },
      ...{ score: scored(day > "2026-11-23" ? 0 : 1), detail: null }
    }));
  await lake.append(all, { spans: [], scores, placements });
  return async (units: readonly string[]) => {
    const scope = scopeOf(units, "scientist");
    const kernel = await lake.openKernel(scope);
    try {
      return await readEmerging(kernel, await state.keptMaps.find(scope, "m1"), scope);
    } finally {
      await kernel.close();
    }
  };
}

test("what grew is told with its scores, now and before, and with the strangest traces of each unit", async () => {
  const read = await openMap([
    ...placed("sales", 0, 30, 10, 0),
    ...placed("sales", 1, 5, 8, 1000),
    ...placed("sales", 1, 20, 1, 3000),
    ...placed("legal", 0, 30, 4, 5000)
  ]);
  const { emerging, strangest } = await read(["legal", "sales"]);
  expect(emerging).toMatchObject([
    { businessUnit: "sales", clusterId: 1, label: "sales words 1", recent: 47, past: 13 }
  ]);
  expect(emerging[0]!.scores).toMatchObject([{ scorer: "polite", mean: 0, meanBefore: 1 }]);
  expect(emerging[0]!.scores[0]!.n + emerging[0]!.scores[0]!.nBefore).toBe(30);
  expect(strangest.map(({ businessUnit, traces }) => [businessUnit, traces.length])).toEqual([
    ["legal", 5],
    ["sales", 5]
  ]);
  expect(strangest[1]!.traces[0]!.novelty).toBeCloseTo(0.069, 5);
});

test("a reader of one unit is told nothing of another's growth", async () => {
  const read = await openMap([...placed("sales", 0, 30, 10, 0), ...placed("sales", 1, 5, 8, 1000)]);
  expect((await read(["sales"])).emerging).toHaveLength(1);
  expect(await read(["legal"])).toEqual({ emerging: [], strangest: [] });
});

test("that a map's own traces are in a cluster more easily than later ones is no growth", async () => {
  const late = placed("sales", 0, 30, 10, 0).map((placement) =>
    // Those it was built from stand in cluster 1, but would be in none had they come later, as the later ones are.
    ({ ...placement, clusterId: placement.day < "2026-11-24" ? 1 : null, arrivalClusterId: null })
  );
  expect((await (await openMap(late))(["sales"])).emerging).toEqual([]);
});

test("what grows on a map is an alert of the unit it grows in, once", async () => {
  await openMap([
    ...placed("sales", 0, 30, 10, 0),
    ...placed("sales", 1, 5, 8, 1000),
    ...placed("legal", 0, 30, 4, 5000)
  ]);
  const { lake, state } = opened!;
  const kernels = new ScopeKernels(lake);
  try {
    const look = () =>
      watchEmerging({ alerts: state.alerts, keptMaps: state.keptMaps, kernels, isSent: true }, all, "m1");
    expect([await look(), await look()]).toEqual([1, 0]);
  } finally {
    await kernels.close();
  }
  expect(await state.alerts.list(all)).toMatchObject([
    { businessUnit: "sales", clusterId: 1, recent: 40, past: 0, ratio: null, delivery: "waiting" }
  ]);
  expect(await state.alerts.list(scopeOf(["legal"]))).toEqual([]);
});
