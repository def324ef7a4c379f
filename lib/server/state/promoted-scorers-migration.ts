import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Tables of the scorers that were promoted. */
export const promotedScorers: Migration = {
  async up(db: Kysely<never>) {
    const { schema } = db;
    await schema
      .createTable("promoted_scorers")
      .addColumn("scorer_id", "text", (column) => column.primaryKey())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("version", "integer", (column) => column.notNull())
      .execute();
    await schema
      .createTable("promoted_scorer_units")
      .addColumn("business_unit", "text", (column) => column.notNull())
      .addColumn("name_key", "text", (column) => column.notNull())
      .addColumn("scorer_id", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("promoted_scorer_units_pk", ["business_unit", "name_key"])
      .execute();
    await schema
      .createTable("promoted_scorer_versions")
      .addColumn("scorer_id", "text", (column) => column.notNull())
      .addColumn("version", "integer", (column) => column.notNull())
      .addColumn("kind", "text", (column) => column.notNull())
      .addColumn("text", "text", (column) => column.notNull())
      .addColumn("options", "text", (column) => column.notNull())
      .addColumn("scorer_version", "text", (column) => column.notNull())
      .addColumn("origin", "text", (column) => column.notNull())
      .addColumn("evidence", "text", (column) => column.notNull())
      .addColumn("note", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("promoted_at", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("promoted_scorer_versions_pk", ["scorer_id", "version"])
      .execute();
  }
};
