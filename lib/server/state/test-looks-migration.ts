import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** The table of looks at test sets. */
export const testLooks: Migration = {
  async up(db: Kysely<never>) {
    await db.schema
      .createTable("test_looks")
      .addColumn("look_id", "text", (column) => column.primaryKey())
      .addColumn("test", "text", (column) => column.notNull())
      .addColumn("owner_units", "text", (column) => column.notNull())
      .addColumn("scorer", "text", (column) => column.notNull())
      .addColumn("scorer_version", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("looked_at", "bigint", (column) => column.notNull())
      .addColumn("trace_ids", "text", (column) => column.notNull())
      .addColumn("measured", "text", (column) => column.notNull())
      .addUniqueConstraint("test_looks_version", ["test", "owner_units", "scorer_version"])
      .execute();
  }
};
