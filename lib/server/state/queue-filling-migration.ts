import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Tables of rules that keep filling queues, and what counts items without reading them. */
export const queueFilling: Migration = {
  async up(db: Kysely<never>) {
    const { schema } = db;
    await schema
      .createTable("queue_fillings")
      .addColumn("queue_id", "text", (column) => column.primaryKey())
      .addColumn("business_units", "text", (column) => column.notNull())
      .addColumn("predicate", "text", (column) => column.notNull())
      .addColumn("rate", "double precision", (column) => column.notNull())
      .addColumn("from_ms", "bigint")
      .addColumn("daily_cap", "integer")
      .addColumn("total_cap", "integer", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("created_at", "bigint", (column) => column.notNull())
      .addColumn("pause", "text")
      .addColumn("snapshot_id", "integer", (column) => column.notNull())
      .addColumn("cursor", "text", (column) => column.notNull())
      .addColumn("added", "integer", (column) => column.notNull().defaultTo(0))
      .execute();
    await schema
      .createIndex("queue_items_by_count")
      .on("queue_items")
      .columns(["queue_id", "business_unit", "state", "verdict"])
      .execute();
    await schema
      .createTable("queue_filling_days")
      .addColumn("queue_id", "text", (column) => column.notNull())
      .addColumn("day", "text", (column) => column.notNull())
      .addColumn("seen", "integer", (column) => column.notNull())
      .addColumn("sampled", "integer", (column) => column.notNull())
      .addColumn("added", "integer", (column) => column.notNull())
      .addPrimaryKeyConstraint("queue_filling_days_pk", ["queue_id", "day"])
      .execute();
  }
};
