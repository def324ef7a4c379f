import type { Kysely } from "kysely";
import type { NewAuditEntry } from "#lib/model/audit.ts";
import { requireLabel } from "#lib/model/rubric.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { GoldItems } from "#lib/ports/gold-items.ts";
import { recordIn } from "./audit-rows.ts";
import { findQueueItem, readRules } from "./queue-rows.ts";
import { itemKey } from "./review-rows.ts";
import type { StateTables } from "./schema.ts";

/** Gold items in the state database. */
export function openGoldItems(db: Kysely<StateTables>, clock: Clock): GoldItems {
  return {
    async list(scope, queueId) {
      await readRules(db, scope, queueId);
      const rows = await db
        .selectFrom("gold_items")
        .selectAll()
        .where("queue_id", "=", queueId)
        .where("business_unit", "in", ["", ...scope.businessUnits])
        .orderBy("business_unit")
        .orderBy("trace_id")
        .execute();
      return rows.map((row) => ({
        ...{ traceId: row.trace_id, businessUnit: row.business_unit, label: row.label },
        ...{ userId: row.user_id, madeAtMs: Number(row.made_at) }
      }));
    },

    put: (scope, queueId, item, label) =>
      db.transaction().execute(async (transaction) => {
        const { rubric } = await readRules(transaction, scope, queueId);
        await findQueueItem(transaction, scope, queueId, item);
        const entry: NewAuditEntry = {
          action: "queue.change",
          ...{ object: { kind: "queue", id: queueId }, units: [item.businessUnit] },
          ...{ facts: { gold: item.traceId }, after: label }
        };
        if (label === null) {
          await transaction
            .deleteFrom("gold_items")
            .where(({ and }) => and(itemKey(queueId, item)))
            .execute();
          await recordIn(transaction, scope, entry, clock);
          return;
        }
        const known = { label: requireLabel(rubric, label), user_id: scope.userId, made_at: clock.nowMs() };
        await transaction
          .insertInto("gold_items")
          .values({ ...itemKey(queueId, item), ...known })
          .onConflict((conflict) => conflict.columns(["queue_id", "business_unit", "trace_id"]).doUpdateSet(known))
          .execute();
        await recordIn(transaction, scope, entry, clock);
      })
  };
}
