import type { Kysely } from "kysely";
import type { NewAuditEntry } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Run, RunHead } from "#lib/model/run.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Runs } from "#lib/ports/runs.ts";
import { programScope, recordIn } from "./audit-rows.ts";
import type { StateTables } from "./schema.ts";
import { isPublished, isRunOfVisibleWorkbook } from "./visible.ts";

/** Runs in the state database: heads for lists apart from bodies, which can be large. */
export function openRuns(db: Kysely<StateTables>, clock: Clock): Runs {
  const find = async (scope: Scope, runId: string): Promise<{ run: Run; report: string | null } | undefined> => {
    const row = await db
      .selectFrom("runs")
      .innerJoin("run_bodies", "run_bodies.run_id", "runs.run_id")
      .select(["runs.head", "run_bodies.body", "run_bodies.report"])
      .select((eb) => isPublished(scope)(eb).as("published"))
      .where("runs.run_id", "=", runId)
      .where((eb) => eb.or([isRunOfVisibleWorkbook(scope)(eb), isPublished(scope)(eb)]))
      .executeTakeFirst();
    if (!row) return undefined;
    const head = JSON.parse(row.head) as RunHead;
    if (!row.published && !holdsUnits(scope, head)) return undefined;
    return { run: { ...head, cells: JSON.parse(row.body) as Run["cells"] }, report: row.report };
  };
  return {
    begin: (scope, run) =>
      db.transaction().execute(async (transaction) => {
        const made = await transaction
          .insertInto("runs")
          .values(toRow(run))
          .onConflict((conflict) => conflict.doNothing())
          .returning("run_id")
          .executeTakeFirst();
        if (!made) throw new Fault("conflict", `the run ${run.runId} is recorded already`);
        await transaction
          .insertInto("run_bodies")
          .values({ run_id: run.runId, body: JSON.stringify(run.cells), report: null })
          .execute();
        const facts = { trigger: run.trigger, snapshot: run.snapshotId };
        await recordIn(transaction, scope, { action: "run.start", ...entryOf(run, facts) }, clock);
      }),

    end: (scope, run, report) =>
      db.transaction().execute(async (transaction) => {
        const { run_id, ...row } = toRow(run);
        const ended = await transaction
          .updateTable("runs")
          .set(row)
          .where("run_id", "=", run_id)
          .where("ended_at", "is", null)
          .returning("run_id")
          .executeTakeFirst();
        if (!ended) return;
        await transaction
          .updateTable("run_bodies")
          .set({ body: JSON.stringify(run.cells), report })
          .where("run_id", "=", run_id)
          .execute();
        const failed = run.checks.filter(({ pass }) => pass !== true).length;
        const facts = { outcome: run.outcome, checks: run.checks.length, checks_failed: failed };
        await recordIn(transaction, scope, { action: "run.end", ...entryOf(run, facts) }, clock);
      }),

    find: async (scope, runId) => (await find(scope, runId))?.run,
    findReport: async (scope, runId) => (await find(scope, runId))?.report ?? undefined,

    async list(scope, { workbook, before, limit }) {
      const heads: RunHead[] = [];
      let cursor = before;
      // A page of heads may hold runs of other units; read on until the page is full.
      for (;;) {
        let query = db
          .selectFrom("runs")
          .select(["run_id", "head"])
          .select((eb) => isPublished(scope)(eb).as("published"))
          .where((eb) => eb.or([isRunOfVisibleWorkbook(scope)(eb), isPublished(scope)(eb)]))
          .orderBy("run_id", "desc")
          .limit(limit);
        if (workbook !== undefined) query = query.where("workbook", "=", workbook);
        if (cursor !== undefined) query = query.where("run_id", "<", cursor);
        const rows = await query.execute();
        for (const row of rows) {
          const head = JSON.parse(row.head) as RunHead;
          if ((row.published || holdsUnits(scope, head)) && heads.length < limit) heads.push(head);
        }
        cursor = rows.at(-1)?.run_id;
        if (rows.length < limit || heads.length >= limit) return heads;
      }
    },

    async sweep(olderThanMs) {
      const rows = await db
        .selectFrom("runs")
        .select(["run_id", "head"])
        .where("ended_at", "is", null)
        .where("started_at", "<", olderThanMs)
        .execute();
      for (const row of rows) {
        const head: RunHead = { ...(JSON.parse(row.head) as RunHead), outcome: "stopped", endedAtMs: olderThanMs };
        await db.transaction().execute(async (transaction) => {
          const stopped = await transaction
            .updateTable("runs")
            .set({ head: JSON.stringify(head), outcome: head.outcome, ended_at: olderThanMs })
            .where("run_id", "=", row.run_id)
            .where("ended_at", "is", null)
            .returning("run_id")
            .executeTakeFirst();
          const entry = { action: "run.end", ...entryOf(head, { outcome: "stopped" }) } as const;
          if (stopped) await recordIn(transaction, programScope, entry, clock);
        });
      }
      return rows.length;
    }
  };
}

function holdsUnits(scope: Scope, head: RunHead): boolean {
  return head.businessUnits.every((unit) => scope.businessUnits.includes(unit));
}

/** What the audit trail says of a run, at its start and its end. */
function entryOf(
  { runId, workbook, revision, businessUnits, title }: RunHead,
  facts: NonNullable<NewAuditEntry["facts"]>
): Omit<NewAuditEntry, "action"> {
  return { object: { kind: "run", id: runId }, units: businessUnits, title, facts: { workbook, revision, ...facts } };
}

function toRow({ cells: _cells, ...head }: Run) {
  return {
    run_id: head.runId,
    user_id: head.userId,
    workbook: head.workbook,
    business_units: JSON.stringify(head.businessUnits),
    started_at: head.startedAtMs,
    ended_at: head.endedAtMs,
    outcome: head.outcome,
    head: JSON.stringify(head)
  };
}
