import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Tables of reviews, of items that are open, and what they add to queues and annotations. */
export const reviews: Migration = {
  async up(db: Kysely<never>) {
    const { schema } = db;
    await schema
      .alterTable("queues")
      .addColumn("reviews_per_item", "integer", (column) => column.notNull().defaultTo(1))
      .execute();
    await schema
      .alterTable("queues")
      .addColumn("is_blind", "integer", (column) => column.notNull().defaultTo(1))
      .execute();
    await schema
      .alterTable("annotations")
      .addColumn("is_withdrawn", "integer", (column) => column.notNull().defaultTo(0))
      .execute();
    await schema
      .createTable("reviews")
      .addColumn("queue_id", "text", (column) => column.notNull())
      .addColumn("business_unit", "text", (column) => column.notNull())
      .addColumn("trace_id", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("version", "integer", (column) => column.notNull())
      .addColumn("rubric_version", "integer", (column) => column.notNull())
      .addColumn("kind", "text", (column) => column.notNull())
      .addColumn("judgement", "text", (column) => column.notNull())
      .addColumn("duration_ms", "bigint", (column) => column.notNull())
      .addColumn("made_at", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("reviews_pk", ["queue_id", "business_unit", "trace_id", "user_id", "version"])
      .execute();
    await schema
      .createTable("review_slots")
      .addColumn("queue_id", "text", (column) => column.notNull())
      .addColumn("business_unit", "text", (column) => column.notNull())
      .addColumn("trace_id", "text", (column) => column.notNull())
      .addColumn("slot", "integer", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("expires_at", "bigint")
      .addPrimaryKeyConstraint("review_slots_pk", ["queue_id", "business_unit", "trace_id", "slot"])
      .execute();
  }
};
