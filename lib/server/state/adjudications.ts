import type { Kysely } from "kysely";
import { type Adjudication, checkDecision } from "#lib/model/adjudication.ts";
import type { NewAuditEntry } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Adjudications } from "#lib/ports/adjudications.ts";
import type { Clock } from "#lib/ports/clock.ts";
import { recordIn } from "./audit-rows.ts";
import { findQueueItem, readItem, readRules } from "./queue-rows.ts";
import { addAnnotation, itemKey, settleItem } from "./review-rows.ts";
import type { StateTables } from "./schema.ts";

/** Source of an annotation that an adjudicator decided on. */
const adjudicationSource = "adjudication";

/** Adjudications in the state database; versions are only ever added. */
export function openAdjudications(db: Kysely<StateTables>, clock: Clock): Adjudications {
  return {
    async findNext(scope, queueId, after) {
      await readRules(db, scope, queueId);
      const start = after && (await findQueueItem(db, scope, queueId, after));
      const contested = db
        .selectFrom("queue_items as i")
        .selectAll("i")
        .where("i.queue_id", "=", queueId)
        .where("i.business_unit", "in", ["", ...scope.businessUnits])
        .where("i.verdict", "=", "contested")
        .orderBy("i.position")
        .orderBy("i.business_unit");
      const later = start
        ? await contested
            .where(({ eb, refTuple, tuple }) =>
              eb(refTuple("i.position", "i.business_unit"), ">", tuple(start.position, start.businessUnit))
            )
            .executeTakeFirst()
        : undefined;
      const row = later ?? (await contested.limit(1).executeTakeFirst());
      return row ? readItem(row) : null;
    },

    decide: (scope, queueId, item, given) =>
      db.transaction().execute(async (transaction) => {
        const rules = await readRules(transaction, scope, queueId);
        await findQueueItem(transaction, scope, queueId, item);
        if (rules.rubricVersion !== given.rubricVersion) {
          throw new Fault("conflict", "the rubric was changed while this trace was open", {
            hint: "Read it as it is now and decide again; nothing you wrote is gone."
          });
        }
        const { label, reason } = checkDecision(given, rules.rubric);
        const row = {
          ...itemKey(queueId, item),
          ...{ version: given.baseVersion + 1, rubric_version: given.rubricVersion, label, reason },
          ...{ user_id: scope.userId, made_at: clock.nowMs() }
        };
        const newest = await transaction
          .selectFrom("adjudications")
          .select(({ fn }) => fn.max("version").as("version"))
          .where(({ and }) => and(itemKey(queueId, item)))
          .executeTakeFirst();
        const kept =
          Number(newest?.version ?? 0) === given.baseVersion &&
          (await transaction
            .insertInto("adjudications")
            .values(row)
            .onConflict((conflict) => conflict.doNothing())
            .returning("version")
            .executeTakeFirst());
        if (!kept) {
          throw new Fault("conflict", "somebody else decided on this trace meanwhile", {
            hint: "Open it again to see what they decided."
          });
        }
        await addAnnotation(transaction, row, {
          identity: [adjudicationSource, queueId, item.businessUnit, item.traceId],
          said: label === null ? null : { label, note: reason },
          source: adjudicationSource
        });
        await settleItem(transaction, row, rules.reviewing);
        const entry: NewAuditEntry = {
          action: "annotation.adjudicate",
          ...{ units: [item.businessUnit], after: { label, reason } },
          object: { kind: "trace", id: item.traceId, version: row.version },
          facts: { queue: queueId, rubric: row.rubric_version, taken_back: label === null }
        };
        await recordIn(transaction, scope, entry, clock);
        return readAdjudication(row);
      }),

    async list(scope, queueId, item) {
      await readRules(db, scope, queueId);
      let query = db
        .selectFrom("adjudications as a")
        .selectAll("a")
        .where("a.queue_id", "=", queueId)
        .where("a.business_unit", "in", ["", ...scope.businessUnits])
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom("adjudications as n")
                .select("n.version")
                .whereRef("n.queue_id", "=", "a.queue_id")
                .whereRef("n.business_unit", "=", "a.business_unit")
                .whereRef("n.trace_id", "=", "a.trace_id")
                .whereRef("n.version", ">", "a.version")
            )
          )
        );
      if (item) query = query.where("a.business_unit", "=", item.businessUnit).where("a.trace_id", "=", item.traceId);
      return (await query.orderBy("a.made_at").orderBy("a.trace_id").execute()).map(readAdjudication);
    }
  };
}

function readAdjudication(row: StateTables["adjudications"]): Adjudication {
  return {
    queueId: row.queue_id,
    traceId: row.trace_id,
    businessUnit: row.business_unit,
    version: row.version,
    rubricVersion: row.rubric_version,
    label: row.label,
    reason: row.reason,
    userId: row.user_id,
    madeAtMs: Number(row.made_at)
  };
}
