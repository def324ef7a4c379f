import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "#lib/model/scope.ts";
import { parseEntry } from "#lib/server/audit/chain.ts";
import { systemClock } from "#lib/server/clock.ts";
import { openAnnotations } from "#lib/server/state/annotations.ts";
import { openIngestKeys } from "#lib/server/state/ingest-keys.ts";
import { openRuns } from "#lib/server/state/runs.ts";
import { openSavedViews } from "#lib/server/state/saved-views.ts";
import { openSchedules } from "#lib/server/state/schedules.ts";
import type { State } from "#lib/server/state/state.ts";
import { openWorkbooks } from "#lib/server/state/workbooks.ts";

const ada: Scope = { userId: "ada", roles: ["admin"], businessUnits: ["sales", "support"] };

/** That doors record what they change, with the change or not at all. @param open  a state of its own */
export function auditedActsContract(
  open: () => Promise<{ readonly db: State["db"]; close(): Promise<void> }>,
  newRun: (
    runId: string,
    businessUnits: readonly string[],
    startedAtMs?: number
  ) => Parameters<State["runs"]["begin"]>[1]
): void {
  let state: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    state = await open();
  });
  afterAll(() => state?.close());
  /** What was added to the trail by some work. */
  const recorded = async (work: () => Promise<unknown>) => {
    const before = await state.db.selectFrom("audit_head").select("seq").executeTakeFirstOrThrow();
    await work();
    const rows = await state.db
      .selectFrom("audit_entries")
      .select("body")
      .where("seq", ">", before.seq)
      .orderBy("seq")
      .execute();
    return rows.map(({ body }) => {
      const { action, actor, object, units, facts } = parseEntry(JSON.parse(body));
      return { action, who: actor.id, object, units, facts };
    });
  };

  test("each change of a workbook is one entry, and what changes nothing is none", async () => {
    const workbooks = openWorkbooks(state.db, systemClock);
    const entries = await recorded(async () => {
      await workbooks.create(ada, "weekly", "Weekly", "one");
      await workbooks.save(ada, "weekly", "Weekly", "two", 1);
      await workbooks.save(ada, "weekly", "Weekly", "two", 2);
      await workbooks.save(ada, "weekly", "Weekly", "three", 1);
      await workbooks.remove(ada, "weekly");
      await workbooks.remove(ada, "weekly");
      await workbooks.create(ada, "weekly", "Again", "").catch(() => undefined);
    });
    expect(entries.map(({ action, who, object }) => [action, who, object.id, object.version])).toEqual([
      ["workbook.create", "ada", "weekly", 1],
      ["workbook.save", "ada", "weekly", 2],
      ["workbook.remove", "ada", "weekly", 2]
    ]);
  });

  test("a run is recorded at its start and its end, and where its process left it behind", async () => {
    const runs = openRuns(state.db, systemClock);
    const entries = await recorded(async () => {
      const run = newRun("r1", ["support"]);
      await runs.begin(ada, run);
      await runs.end(ada, { ...run, outcome: "passed", endedAtMs: 2000 }, null);
      await runs.end(ada, { ...run, outcome: "passed", endedAtMs: 3000 }, null);
      await runs.begin(ada, newRun("r2", ["sales"]));
      await runs.sweep(5000);
    });
    expect(
      entries.map(({ action, who, object, units, facts }) => [action, who, object.id, units, facts.outcome])
    ).toEqual([
      ["run.start", "ada", "r1", ["support"], undefined],
      ["run.end", "ada", "r1", ["support"], "passed"],
      ["run.start", "ada", "r2", ["sales"], undefined],
      ["run.end", "tracebook", "r2", ["sales"], "stopped"]
    ]);
  });

  test("labels are one entry for all traces that got one, and keys, views and schedules one for each change", async () => {
    const traces = ["t1", "t2"].map((traceId) => ({ traceId, businessUnit: "support" }));
    const entries = await recorded(async () => {
      const annotations = openAnnotations(state.db, systemClock);
      await annotations.tag(ada, traces, "bad", "too late");
      await annotations.tag(ada, traces, "bad", "too late");
      const keys = openIngestKeys(state.db, systemClock);
      const { key } = await keys.create(ada, { businessUnit: "sales", name: "crm" });
      await keys.revoke(ada, key.keyId);
      await keys.revoke(ada, key.keyId);
      const views = openSavedViews(state.db, systemClock);
      const view = await views.save(ada, { name: "Slow", query: "" });
      await views.remove(ada, view.viewId);
      const schedules = openSchedules(state.db, systemClock);
      const daily = { cron: "0 7 * * *", userId: "ada", nextDueMs: 1 };
      await schedules.put("weekly", daily);
      await schedules.put("weekly", daily);
      await schedules.put("weekly", null);
      await schedules.put("weekly", null);
    });
    expect(entries.map(({ action, units }) => [action, units])).toEqual([
      ["trace.tag", ["support"]],
      ["ingest-key.create", ["sales"]],
      ["ingest-key.revoke", ["sales"]],
      ["view.save", ["sales", "support"]],
      ["view.remove", ["sales", "support"]],
      ["schedule.set", []],
      ["schedule.remove", []]
    ]);
    expect(entries[0]?.facts).toEqual({ traces: 2 });
  });

  test("a change that cannot be recorded is not made", async () => {
    const workbooks = openWorkbooks(state.db, systemClock);
    await state.db.schema.alterTable("audit_entries").renameTo("audit_entries_away").execute();
    try {
      await expect(workbooks.create(ada, "unseen", "Unseen", "")).rejects.toThrow();
      expect(await workbooks.find(ada, "unseen")).toBeUndefined();
    } finally {
      await state.db.schema.alterTable("audit_entries_away").renameTo("audit_entries").execute();
    }
  });
}
