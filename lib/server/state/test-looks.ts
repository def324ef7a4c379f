import type { Kysely, Selectable } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import { type Scope, scopeKey } from "#lib/model/scope.ts";
import type { TestLook } from "#lib/model/test-look.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { TestLooks } from "#lib/ports/test-looks.ts";
import type { StateTables } from "./schema.ts";

const mostLooks = 500;

/** Looks at test sets in the state database; no row is ever changed. */
export function openTestLooks(db: Kysely<StateTables>, clock: Clock): TestLooks {
  const list = async (scope: Scope, test: string) => {
    const rows = await db
      .selectFrom("test_looks")
      .selectAll()
      .where("test", "=", test)
      .orderBy("looked_at")
      .orderBy("look_id")
      .execute();
    return rows
      .map(readLook)
      .filter(({ businessUnits }) => businessUnits.every((unit) => scope.businessUnits.includes(unit)));
  };
  return {
    list,

    async keep(scope, { test, scorer, scorerVersion, traceIds, measured }) {
      if (scope.businessUnits.length === 0) throw new Fault("denied", "a look at a test set needs a business unit");
      if ((await list(scope, test)).length >= mostLooks) {
        throw new Fault(
          "limit",
          `the test set "${test.slice(0, 80)}" was looked at with ${mostLooks} versions already`,
          {
            hint: "Nothing can be learnt from it any more: label other traces for a new one."
          }
        );
      }
      const key = { test, owner_units: scopeKey(scope), scorer_version: scorerVersion };
      await db
        .insertInto("test_looks")
        .values({
          ...key,
          look_id: clock.newId(),
          scorer,
          user_id: scope.userId,
          looked_at: clock.nowMs(),
          trace_ids: JSON.stringify(traceIds),
          measured: JSON.stringify(measured)
        })
        .onConflict((conflict) => conflict.columns(["test", "owner_units", "scorer_version"]).doNothing())
        .execute();
      const kept = db.selectFrom("test_looks").selectAll();
      return readLook(
        await kept
          .where("test", "=", key.test)
          .where("owner_units", "=", key.owner_units)
          .where("scorer_version", "=", key.scorer_version)
          .executeTakeFirstOrThrow()
      );
    }
  };
}

function readLook(row: Selectable<StateTables["test_looks"]>): TestLook {
  return {
    lookId: row.look_id,
    test: row.test,
    businessUnits: row.owner_units.split(","),
    scorer: row.scorer,
    scorerVersion: row.scorer_version,
    userId: row.user_id,
    atMs: Number(row.looked_at),
    traceIds: JSON.parse(row.trace_ids) as TestLook["traceIds"],
    measured: JSON.parse(row.measured) as TestLook["measured"]
  };
}
