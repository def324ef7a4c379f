import { createHash } from "node:crypto";
import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** As much of the tables as the migration reads and writes. */
interface Then {
  readonly reviews: { queue_id: string; business_unit: string; trace_id: string; user_id: string };
  readonly annotations: { annotation_id: string; queue_id: string | null };
}

/** In which queue a label was given, so that it stays hidden while the queue is blind to it. */
export const blindLabels: Migration = {
  async up(db: Kysely<Then>) {
    await db.schema.alterTable("annotations").addColumn("queue_id", "text").execute();
    const reviews = await db
      .selectFrom("reviews")
      .select(["queue_id", "business_unit", "trace_id", "user_id"])
      .distinct()
      .execute();
    for (const { queue_id, business_unit, trace_id, user_id } of reviews) {
      const identity = JSON.stringify(["review", queue_id, business_unit, trace_id, user_id]);
      await db
        .updateTable("annotations")
        .set({ queue_id })
        .where("annotation_id", "=", createHash("sha256").update(identity).digest("hex").slice(0, 32))
        .execute();
    }
  }
};
