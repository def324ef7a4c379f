import { afterAll, beforeAll, expect, test } from "vitest";
import type { ScoreRecord } from "#lib/model/score.ts";
import { newUuidV7 } from "#lib/server/clock.ts";
import { readHome } from "#lib/work/home.ts";
import { TraceBrowser } from "#lib/work/trace-browser.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { hexId, makeSpan } from "../spans.ts";

let fixture: LakeFixture;
let traces: TraceBrowser;
const scope = scopeOf(["claims", "empty", "support"]);
const dayNs = 86_400_000_000_000n;
const newestMs = Date.UTC(2026, 10, 20, 12);
const newestNs = BigInt(newestMs) * 1_000_000n;
const runId = newUuidV7(newestMs);

/** A trace of support that began days before the newest one. */
const trace = (daysBack: number, given: Partial<Parameters<typeof makeSpan>[0]> = {}) => {
  const startNs = newestNs - BigInt(daysBack) * dayNs;
  return makeSpan({
    traceId: `support ${daysBack}`,
    spanId: "root",
    kind: "agent",
    startNs,
    endNs: startNs + 2_000_000_000n,
    costUsd: 0.5,
    ...given
  });
};

const score = (daysBack: number, scorer: string, pass: boolean | null): ScoreRecord => ({
  traceId: hexId(`support ${daysBack}`, 32),
  spanId: null,
  businessUnit: "support",
  day: new Date(newestMs - daysBack * 86_400_000).toISOString().slice(0, 10),
  scorer,
  scorerVersion: "1",
  source: "scorer",
  score:
    pass === null
      ? { kind: "unscored", status: "skipped", reason: "no answer" }
      : { kind: "scored", value: pass ? 1 : 0, pass, label: null, reason: null, evidence: [] },
  durationMs: null,
  costUsd: null,
  runId: null,
  samplingProbability: 1,
  scoredAtMs: newestMs,
  detail: null
});

beforeAll(async () => {
  fixture = await openLakeFixture();
  traces = new TraceBrowser({
    lake: fixture.lake,
    annotations: fixture.state.annotations,
    people: fixture.state.people
  });
  await fixture.lake.append(scope, {
    spans: [
      trace(0, { status: "error" }),
      trace(1),
      trace(6),
      trace(7),
      trace(13),
      trace(20),
      trace(3, { traceId: "claims", businessUnit: "claims", costUsd: null, timeSource: "synthesised" })
    ],
    scores: [score(0, "polite", true), score(1, "polite", false), score(6, "polite", null), score(6, "brief", true)]
  });
  const { workbooks, runs, schedules } = fixture.state;
  await workbooks.create(scope, "watched", "Watched", "# a");
  await workbooks.create(scope, "quiet", "Quiet", "# b");
  await schedules.put("watched", { cron: "0 6 * * *", timezone: "UTC", userId: "tester", nextDueMs: newestMs + 5 });
  await runs.begin(scope, {
    runId,
    workbook: "watched",
    title: "Watched",
    revision: 1,
    trigger: "schedule",
    occurrenceMs: newestMs,
    userId: "tester",
    businessUnits: ["support"],
    snapshotId: 1,
    params: {},
    seed: 1,
    startedAtMs: newestMs,
    endedAtMs: null,
    outcome: "running",
    cells: [],
    checks: [],
    engine: "test"
  });
}, 60_000);

afterAll(async () => {
  await traces.close();
  await fixture.close();
});

const read = (who = scope) => {
  const { workbooks, runs, schedules, alerts, keptMaps } = fixture.state;
  return readHome({ traces, workbooks, runs, schedules, alerts, keptMaps, walls: ["a sandbox"] }, who);
};

test("a unit's health is that of its own newest seven days, beside the seven before", async () => {
  const [, , support] = (await read()).units;
  expect(support).toMatchObject({
    businessUnit: "support",
    traces: 3,
    tracesBefore: 2,
    errors: 1,
    p95DurationMs: 2000,
    costUsd: 1.5,
    perDay: [1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1],
    newestMs
  });
});

test("a unit is judged by its own time, and a cost nobody reported is unknown", async () => {
  const [claims] = (await read()).units;
  expect(claims).toMatchObject({ businessUnit: "claims", traces: 1, costUsd: null, scorers: [] });
  expect(claims!.newestMs).toBe(newestMs - 3 * 86_400_000);
  expect(claims!.perDay.at(-1)).toBe(1);
});

test("a unit without traces has nothing to say and says so", async () => {
  const [, empty] = (await read()).units;
  expect(empty).toEqual({
    businessUnit: "empty",
    traces: 0,
    tracesBefore: 0,
    errors: 0,
    p95DurationMs: null,
    costUsd: null,
    perDay: new Array(14).fill(0),
    scorers: [],
    newestMs: null,
    newestSynthesised: false
  });
});

test("pass rates count the traces that were judged, the most judged scorer first, with an honest interval", async () => {
  const [, , support] = (await read()).units;
  expect(support!.scorers.map(({ scorer, rate, n }) => [scorer, rate, n])).toEqual([
    ["polite", 0.5, 2],
    ["brief", 1, 1]
  ]);
  for (const { rate, interval } of support!.scorers) {
    expect(interval[0]).toBeLessThan(rate!);
    expect(interval[1]).toBeGreaterThanOrEqual(rate!);
  }
});

test("every workbook shows its last run and when it is due, or neither", async () => {
  const { workbooks, walls } = await read();
  const bySlug = new Map(workbooks.map((workbook) => [workbook.slug, workbook]));
  expect(bySlug.get("watched")).toMatchObject({
    title: "Watched",
    lastRun: { runId, outcome: "running", startedAtMs: newestMs },
    nextDueMs: newestMs + 5
  });
  expect(bySlug.get("quiet")).toMatchObject({ lastRun: null, nextDueMs: null });
  expect(walls).toEqual(["a sandbox"]);
});

test("home lists the newest runs of the person's own units", async () => {
  expect((await read()).runs).toEqual([expect.objectContaining({ runId, title: "Watched", outcome: "running" })]);
  expect((await read(scopeOf(["claims"], "scientist"))).runs).toEqual([]);
});

test("a unit whose newest time was made up says so", async () => {
  const [claims, , support] = (await read()).units;
  expect([claims!.newestSynthesised, support!.newestSynthesised]).toEqual([true, false]);
});

test("home says who is signed in", async () => {
  expect((await read()).identity).toBe("You are signed in as tester.");
  expect((await read({ ...scope, userId: "owner" })).identity).toMatch(/^You are the local owner/);
});

test("a person of one unit sees the health of that unit only", async () => {
  const { units } = await read(scopeOf(["claims"], "scientist"));
  expect(units.map(({ businessUnit, traces }) => [businessUnit, traces])).toEqual([["claims", 1]]);
});
