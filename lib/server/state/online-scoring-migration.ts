import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Rules that score traffic, and what they did. */
export const onlineScoring: Migration = {
  async up(db: Kysely<never>) {
    const { schema } = db;
    await schema
      .createTable("scoring_rules")
      .addColumn("rule_id", "text", (column) => column.primaryKey())
      .addColumn("scorer_id", "text", (column) => column.notNull())
      .addColumn("version", "integer")
      .addColumn("predicate", "text", (column) => column.notNull())
      .addColumn("rate", "double precision", (column) => column.notNull())
      .addColumn("from_ms", "bigint")
      .addColumn("daily_cap_usd", "double precision")
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("created_at", "bigint", (column) => column.notNull())
      .addColumn("pause", "text")
      .addColumn("snapshot_id", "integer", (column) => column.notNull())
      .addColumn("cursor", "text", (column) => column.notNull())
      .addColumn("backfill", "text")
      .execute();
    await schema
      .createTable("scoring_rule_units")
      .addColumn("rule_id", "text", (column) => column.notNull())
      .addColumn("business_unit", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("scoring_rule_units_pk", ["rule_id", "business_unit"])
      .execute();
    await schema
      .createTable("scoring_passes")
      .addColumn("pass_id", "text", (column) => column.primaryKey())
      .addColumn("rule_id", "text", (column) => column.notNull())
      .addColumn("started_at", "bigint", (column) => column.notNull())
      .addColumn("body", "text", (column) => column.notNull())
      .execute();
    await schema
      .createIndex("scoring_passes_by_rule")
      .on("scoring_passes")
      .columns(["rule_id", "started_at"])
      .execute();
    await schema
      .createTable("scoring_days")
      .addColumn("rule_id", "text", (column) => column.notNull())
      .addColumn("day", "text", (column) => column.notNull())
      .addColumn("passes", "bigint", (column) => column.notNull())
      .addColumn("seen", "bigint", (column) => column.notNull())
      .addColumn("sampled", "bigint", (column) => column.notNull())
      .addColumn("scored", "bigint", (column) => column.notNull())
      .addColumn("unscored", "bigint", (column) => column.notNull())
      .addColumn("cost_usd", "double precision", (column) => column.notNull())
      .addColumn("faults", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("scoring_days_pk", ["rule_id", "day"])
      .execute();
  }
};
