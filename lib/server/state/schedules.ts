import type { Kysely } from "kysely";
import type { Schedules } from "#lib/ports/schedules.ts";
import type { StateTables } from "./schema.ts";

/** Schedules in the state database. */
export function openSchedules(db: Kysely<StateTables>): Schedules {
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
        if (!schedule) {
          await transaction.deleteFrom("schedules").where("slug", "=", slug).execute();
          return;
        }
        const timezone = schedule.timezone ?? null;
        const current = await transaction
          .selectFrom("schedules")
          .selectAll()
          .where("slug", "=", slug)
          .executeTakeFirst();
        if (current && current.cron === schedule.cron && current.timezone === timezone) return;
        const row = { cron: schedule.cron, timezone, user_id: schedule.userId, next_due: schedule.nextDueMs };
        await transaction
          .insertInto("schedules")
          .values({ slug, ...row })
          .onConflict((conflict) => conflict.column("slug").doUpdateSet(row))
          .execute();
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
