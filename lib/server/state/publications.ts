import type { Kysely } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import type { RunHead } from "#lib/model/run.ts";
import type { Scope } from "#lib/model/scope.ts";
import { type Grantee, requireGrantee, requireRunUnits } from "#lib/model/share.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Publication, Publications } from "#lib/ports/publications.ts";
import type { Runs } from "#lib/ports/runs.ts";
import { recordIn } from "./audit-rows.ts";
import type { StateTables } from "./schema.ts";

/** Most that one report is published to. */
const grantees = 500;

/**
 * Reports that are let out, in the state database.
 *
 * @param runs  says which runs a scope sees
 */
export function openPublications(
  db: Kysely<StateTables>,
  runs: Pick<Runs, "find" | "findReport">,
  clock: Clock
): Publications {
  const requireAll = async (scope: Scope, runId: string): Promise<RunHead> => {
    const run = await runs.find(scope, runId);
    if (!run) throw new Fault("missing", `there is no run "${runId}" in your business units`);
    requireRunUnits(scope, run.businessUnits);
    return run;
  };
  return {
    async find(scope, runId) {
      if (!(await runs.find(scope, runId))) return undefined;
      return readPublication(await ofReport(db, runId).selectAll().orderBy("grantee").execute());
    },

    async publish(scope, runId, chosen) {
      const run = await requireAll(scope, runId);
      const to = [...new Set(chosen)].sort();
      if (to.length === 0) throw new Fault("invalid", "a report is published to somebody: choose whom");
      if (to.length > grantees)
        throw new Fault("limit", `a report is published to at most ${grantees} people and units`);
      for (const grantee of to) requireGrantee(scope, grantee);
      if ((await runs.findReport(scope, runId)) === undefined)
        throw new Fault(
          "conflict",
          `run "${runId}" has no report: it ${run.endedAtMs === null ? "still runs" : `was ${run.outcome}`}`
        );
      const row = { access: "view", user_id: scope.userId, shared_at: clock.nowMs() };
      await db.transaction().execute(async (transaction) => {
        const before = await ofReport(transaction, runId).select("grantee").orderBy("grantee").execute();
        await transaction
          .deleteFrom("shares")
          .where("object_kind", "=", "report")
          .where("object_id", "=", runId)
          .execute();
        await transaction
          .insertInto("shares")
          .values(to.map((grantee) => ({ object_kind: "report", object_id: runId, grantee, ...row })))
          .execute();
        await recordIn(transaction, scope, {
          action: "run.share",
          object: { kind: "run", id: runId },
          units: run.businessUnits,
          facts: { grantees: to.length },
          before: before.map(({ grantee }) => grantee),
          after: to,
          diff: { to }
        });
      });
      return { grantees: to, userId: row.user_id, publishedAtMs: row.shared_at };
    },

    async retract(scope, runId) {
      const run = await requireAll(scope, runId);
      await db.transaction().execute(async (transaction) => {
        const gone = await transaction
          .deleteFrom("shares")
          .where("object_kind", "=", "report")
          .where("object_id", "=", runId)
          .returning("grantee")
          .execute();
        if (gone.length === 0) return;
        await recordIn(transaction, scope, {
          action: "run.share",
          object: { kind: "run", id: runId },
          units: run.businessUnits,
          facts: { grantees: 0 },
          before: gone.map(({ grantee }) => grantee).sort(),
          after: []
        });
      });
    }
  };
}

function ofReport(db: Kysely<StateTables>, runId: string) {
  return db.selectFrom("shares").where("object_kind", "=", "report").where("object_id", "=", runId);
}

function readPublication(
  rows: readonly { readonly grantee: string; readonly user_id: string; readonly shared_at: number }[]
): Publication | undefined {
  const [first] = rows;
  return (
    first && {
      grantees: rows.map(({ grantee }) => grantee as Grantee),
      userId: first.user_id,
      publishedAtMs: Number(first.shared_at)
    }
  );
}
