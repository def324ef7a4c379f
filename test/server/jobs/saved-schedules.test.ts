import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Run } from "#lib/model/run.ts";
import { systemClock } from "#lib/server/clock.ts";
import { openJobs } from "#lib/server/jobs/jobs.ts";
import { syncSchedules } from "#lib/server/jobs/saved-schedules.ts";
import { openState, type State } from "#lib/server/state/state.ts";
import { listStateTables } from "#lib/server/state/state-tables.ts";

const scope = { userId: "owner", roles: ["admin"], businessUnits: ["support"] } as const;
const nowMs = Date.parse("2026-05-01T09:30:00Z");
const text = (schedule: string) => `---\ntitle: Weekly\n${schedule}---\nProse.\n`;
const hourly = text('schedule: { cron: "0 * * * *" }\n');

let folder: string;
let state: State;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tracebook-schedules-"));
  state = await openState({ dataFolder: folder, databaseUrl: null }, systemClock);
});
afterEach(async () => {
  await state.close();
  await rm(folder, { recursive: true, force: true });
});
const sync = (seen = new Map<string, number>()) =>
  syncSchedules({ ...state, clock: { ...systemClock, nowMs: () => nowMs }, scope: async () => scope }, seen);

test("a saved schedule counts from now, follows its text, and goes with its workbook", async () => {
  const seen = new Map<string, number>();
  await state.workbooks.create(scope, "weekly", "Weekly", hourly);
  await sync(seen);
  await sync(seen);
  const due = Date.parse("2026-05-01T10:00:00Z");
  expect(await state.schedules.list()).toEqual([
    { slug: "weekly", cron: "0 * * * *", userId: "owner", nextDueMs: due }
  ]);
  await state.workbooks.save(scope, "weekly", "Weekly", text(""), 1);
  await sync(seen);
  expect(await state.schedules.list()).toEqual([]);
  await state.workbooks.save(scope, "weekly", "Weekly", hourly, 2);
  await sync(seen);
  expect(await state.schedules.list()).toHaveLength(1);
  await state.workbooks.remove(scope, "weekly");
  await sync(seen);
  expect(await state.schedules.list()).toEqual([]);
});

test("an instant that was missed while no process ran is still due after a restart", async () => {
  await state.workbooks.create(scope, "weekly", "Weekly", hourly);
  await sync();
  const missed = nowMs - 3_600_000;
  await state.schedules.advance("weekly", Date.parse("2026-05-01T10:00:00Z"), missed);
  await sync();
  expect((await state.schedules.list())[0]?.nextDueMs).toBe(missed);
});

test("a workbook whose schedule cannot be read does not hold up the others", async () => {
  await state.workbooks.create(
    scope,
    "a-broken",
    "A",
    text('schedule: { cron: "0 * * * *", timezone: Mars/Olympus }\n')
  );
  await state.workbooks.create(scope, "b-good", "B", hourly);
  await sync();
  expect((await state.schedules.list()).map(({ slug }) => slug)).toEqual(["b-good"]);
});

test("without a PostgreSQL the jobs are kept in the state's own file", async () => {
  const jobs = await openJobs({ databaseUrl: null }, state, systemClock);
  expect(await jobs.enqueue("later", { n: 1 }, { id: "one" })).toBe(true);
  await jobs.close();
  const again = await openJobs({ databaseUrl: null }, state, systemClock);
  expect(await again.find("one")).toEqual({ state: "queued", attempt: 0, message: null });
  expect(await again.enqueue("later", { n: 2 }, { id: "one" })).toBe(false);
  await again.close();
});

test("cells see the scope's annotations and runs as columns of equal length", async () => {
  const run: Run = {
    runId: "r1",
    workbook: "weekly",
    title: "Weekly",
    revision: null,
    trigger: "command",
    occurrenceMs: null,
    userId: "owner",
    businessUnits: ["support"],
    snapshotId: 1,
    params: {},
    seed: 1,
    startedAtMs: 1000,
    endedAtMs: 2000,
    outcome: "failed",
    cells: [],
    checks: [
      { name: "a", value: 1, threshold: 1, pass: true, n: null, interval: null },
      { name: "b", value: null, threshold: 1, pass: null, n: null, interval: null }
    ],
    engine: "1"
  };
  await state.runs.begin(scope, run);
  await state.annotations.tag(scope, [{ traceId: "a".repeat(32), businessUnit: "support" }], "wrong", "why");
  const tables = listStateTables(state, scope);
  for (const [name, read] of Object.entries(tables)) {
    const columns = await read();
    const rows = name === "annotations" || name === "runs" ? 1 : 0;
    expect(columns.map(({ values }) => values.length)).toEqual(columns.map(() => rows));
  }
  expect((await tables.runs()).find(({ name }) => name === "checks_failed")?.values).toEqual([1]);
  const none = listStateTables(state, { ...scope, businessUnits: ["sales"] });
  expect((await none.annotations())[0]?.values).toEqual([]);
});
