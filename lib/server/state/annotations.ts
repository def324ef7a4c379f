import type { Kysely } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import type { Annotations } from "#lib/ports/annotations.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { StateTables } from "./schema.ts";

const chunkRows = 400;

/** Annotations in the state database; rows are only ever added. */
export function openAnnotations(db: Kysely<StateTables>, clock: Clock): Annotations {
  return {
    tag: (scope, traces, label, note) =>
      db.transaction().execute(async (transaction) => {
        const foreign = traces.find(({ businessUnit }) => !scope.businessUnits.includes(businessUnit));
        if (foreign) throw new Fault("missing", `there is no trace ${foreign.traceId}`);
        let added = 0;
        for (let start = 0; start < traces.length; start += chunkRows) {
          const part = traces.slice(start, start + chunkRows);
          const there = await transaction
            .selectFrom("annotations")
            .select("trace_id")
            .where("label", "=", label)
            .where("span_id", "is", null)
            .where(
              "trace_id",
              "in",
              part.map(({ traceId }) => traceId)
            )
            .execute();
          const carried = new Set(there.map((row) => row.trace_id));
          const fresh = new Map(
            part.filter(({ traceId }) => !carried.has(traceId)).map((trace) => [trace.traceId, trace])
          );
          if (fresh.size === 0) continue;
          await transaction
            .insertInto("annotations")
            .values(
              [...fresh.values()].map(({ traceId, businessUnit }) => ({
                annotation_id: clock.newId(),
                version: 1,
                trace_id: traceId,
                span_id: null,
                business_unit: businessUnit,
                label,
                note,
                user_id: scope.userId,
                created_at: clock.nowMs()
              }))
            )
            .execute();
          added += fresh.size;
        }
        return added;
      }),

    async list(scope, filter = {}) {
      let query = db
        .selectFrom("annotations as a")
        .selectAll("a")
        .where("a.business_unit", "in", [...scope.businessUnits, ""])
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom("annotations as b")
                .select("b.version")
                .whereRef("b.annotation_id", "=", "a.annotation_id")
                .whereRef("b.version", ">", "a.version")
            )
          )
        )
        .orderBy("a.annotation_id");
      if (filter.traceId !== undefined) query = query.where("a.trace_id", "=", filter.traceId);
      return (await query.execute()).map((row) => ({
        annotationId: row.annotation_id,
        version: row.version,
        traceId: row.trace_id,
        spanId: row.span_id,
        businessUnit: row.business_unit,
        label: row.label,
        note: row.note,
        userId: row.user_id,
        createdAtMs: Number(row.created_at)
      }));
    }
  };
}
