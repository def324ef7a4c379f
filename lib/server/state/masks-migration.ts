import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What business units hide, version by version. */
export const masks: Migration = {
  async up(db: Kysely<never>) {
    await db.schema
      .createTable("mask_rules")
      .addColumn("business_unit", "text", (column) => column.notNull())
      .addColumn("version", "integer", (column) => column.notNull())
      .addColumn("rules", "text", (column) => column.notNull())
      .addColumn("salt", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("set_at", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("mask_rules_pk", ["business_unit", "version"])
      .execute();
  }
};
