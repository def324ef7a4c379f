import { afterAll, beforeAll, expect, test } from "vitest";
import type { Run } from "#lib/model/run.ts";
import { newUuidV7 } from "#lib/server/clock.ts";
import { findRun, readRuns } from "#lib/work/run-list.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";

let fixture: LakeFixture;
const scope = scopeOf(["claims", "support"]);
const startMs = Date.UTC(2026, 10, 20, 9);
const ids: string[] = [];

const makeRun = (index: number): Run => ({
  runId: newUuidV7(startMs + index * 1000),
  workbook: index % 2 === 0 ? "refunds" : "claims",
  title: "A workbook",
  revision: 1,
  trigger: "page",
  occurrenceMs: null,
  userId: scope.userId,
  businessUnits: ["support"],
  snapshotId: 1,
  params: {},
  seed: 1,
  startedAtMs: startMs + index * 1000,
  endedAtMs: null,
  outcome: "running",
  cells: [],
  checks: [],
  engine: "test"
});

beforeAll(async () => {
  fixture = await openLakeFixture();
  for (let index = 0; index < 120; index += 1) {
    const run = makeRun(index);
    ids.push(run.runId);
    await fixture.state.runs.begin(scope, run);
    if (index === 7)
      await fixture.state.runs.end(scope, { ...run, outcome: "passed", endedAtMs: run.startedAtMs + 5 }, "<h1>7</h1>");
  }
});

afterAll(() => fixture.close());

test("pages of runs, followed to the end, hold every run once, newest first", async () => {
  const seen: string[] = [];
  const sizes: number[] = [];
  let before: string | null = null;
  do {
    const page = await readRuns(fixture.state.runs, scope, null, before);
    seen.push(...page.runs.map(({ runId }) => runId));
    sizes.push(page.runs.length);
    before = page.next;
  } while (before !== null);
  expect(sizes).toEqual([50, 50, 20]);
  expect(seen).toEqual([...ids].reverse());
});

test("the runs of one workbook are listed alone", async () => {
  const { runs, next } = await readRuns(fixture.state.runs, scope, "refunds", null);
  expect(new Set(runs.map(({ workbook }) => workbook))).toEqual(new Set(["refunds"]));
  expect(next).toBe(runs.at(-1)?.runId);
  expect(await readRuns(fixture.state.runs, scope, "nothing", null)).toEqual({ runs: [], next: null });
});

test("a run is found by its id", async () => {
  expect(await findRun(fixture.state.runs, scope, ids[7]!)).toMatchObject({ runId: ids[7], outcome: "passed" });
});

test("a run of other business units is as if it were not there", async () => {
  const other = scopeOf(["claims"], "scientist");
  expect(await readRuns(fixture.state.runs, other, null, null)).toEqual({ runs: [], next: null });
  await expect(findRun(fixture.state.runs, other, ids[7]!)).rejects.toMatchObject({ code: "missing" });
});
