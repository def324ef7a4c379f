import type { Kysely } from "kysely";
import type { Clock } from "#lib/ports/clock.ts";
import type { Schedules } from "#lib/ports/schedules.ts";
import { programScope, recordIn } from "./audit-rows.ts";
import type { StateTables } from "./schema.ts";

/** Schedules in the state database. */
export function openSchedules(db: Kysely<StateTables>, clock: Clock): Schedules {
  return {
    async list() {
      const rows = await db.selectFrom("schedules").selectAll().orderBy("next_due").execute();
      return rows.map((row) => ({
        slug: row.slug,
        cron: row.cron,
        ...(row.timezone === null ? {} : { timezone: row.timezone }),
        userId: row.user_id,
        nextDueMs: Number(row.next_due)
      }));
    },

    put: (slug, schedule) =>
      db.transaction().execute(async (transaction) => {
        const object = { kind: "schedule", id: slug };
        if (!schedule) {
          const { numDeletedRows } = await transaction
            .deleteFrom("schedules")
            .where("slug", "=", slug)
            .executeTakeFirstOrThrow();
          if (numDeletedRows === 0n) return;
          await recordIn(transaction, programScope, { action: "schedule.remove", object, units: [] }, clock);
          return;
        }
        const timezone = schedule.timezone ?? null;
        const current = await transaction
          .selectFrom("schedules")
          .selectAll()
          .where("slug", "=", slug)
          .executeTakeFirst();
        const isSame = current && current.cron === schedule.cron && current.timezone === timezone;
        if (isSame && current.user_id === schedule.userId) return;
        const next_due = isSame ? current.next_due : schedule.nextDueMs;
        const row = { cron: schedule.cron, timezone, user_id: schedule.userId, next_due };
        await transaction
          .insertInto("schedules")
          .values({ slug, ...row })
          .onConflict((conflict) => conflict.column("slug").doUpdateSet(row))
          .execute();
        // The text says when; whoever saved it last set it.
        const facts = { cron: schedule.cron, timezone, saved_by: schedule.userId };
        await recordIn(transaction, programScope, { action: "schedule.set", object, units: [], facts }, clock);
      }),

    async advance(slug, fromDueMs, nextDueMs) {
      const moved = await db
        .updateTable("schedules")
        .set({ next_due: nextDueMs })
        .where("slug", "=", slug)
        .where("next_due", "=", fromDueMs)
        .returning("slug")
        .executeTakeFirst();
      return moved !== undefined;
    }
  };
}
