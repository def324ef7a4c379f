import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Tables of datasets and queues. */
export const datasetsAndQueues: Migration = {
  async up(db: Kysely<never>) {
    const { schema } = db;
    await schema
      .createTable("datasets")
      .addColumn("dataset_id", "text", (column) => column.primaryKey())
      .addColumn("title", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("created_at", "bigint", (column) => column.notNull())
      .addColumn("version", "integer", (column) => column.notNull())
      .execute();
    await schema
      .createTable("dataset_versions")
      .addColumn("dataset_id", "text", (column) => column.notNull())
      .addColumn("version", "integer", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("made_at", "bigint", (column) => column.notNull())
      .addColumn("body", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("dataset_versions_pk", ["dataset_id", "version"])
      .execute();
    await schema
      .createTable("dataset_counts")
      .addColumn("dataset_id", "text", (column) => column.notNull())
      .addColumn("version", "integer", (column) => column.notNull())
      .addColumn("business_unit", "text", (column) => column.notNull())
      .addColumn("split", "text", (column) => column.notNull())
      .addColumn("examples", "integer", (column) => column.notNull())
      .addPrimaryKeyConstraint("dataset_counts_pk", ["dataset_id", "version", "business_unit", "split"])
      .execute();
    await schema
      .createTable("dataset_examples")
      .addColumn("dataset_id", "text", (column) => column.notNull())
      .addColumn("version", "integer", (column) => column.notNull())
      .addColumn("trace_id", "text", (column) => column.notNull())
      .addColumn("business_unit", "text", (column) => column.notNull())
      .addColumn("input", "text", (column) => column.notNull())
      .addColumn("expected", "text")
      .addColumn("split", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("dataset_examples_pk", ["dataset_id", "version", "trace_id", "business_unit"])
      .execute();
    await schema
      .createTable("queues")
      .addColumn("queue_id", "text", (column) => column.primaryKey())
      .addColumn("title", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("created_at", "bigint", (column) => column.notNull())
      .addColumn("origin", "text", (column) => column.notNull())
      .addColumn("rule", "text", (column) => column.notNull())
      .addColumn("rubric_version", "integer", (column) => column.notNull())
      .execute();
    await schema
      .createTable("rubrics")
      .addColumn("queue_id", "text", (column) => column.notNull())
      .addColumn("version", "integer", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("made_at", "bigint", (column) => column.notNull())
      .addColumn("body", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("rubrics_pk", ["queue_id", "version"])
      .execute();
    await schema
      .createTable("queue_items")
      .addColumn("queue_id", "text", (column) => column.notNull())
      .addColumn("business_unit", "text", (column) => column.notNull())
      .addColumn("position", "integer", (column) => column.notNull())
      .addColumn("trace_id", "text", (column) => column.notNull())
      .addColumn("stratum", "text", (column) => column.notNull())
      .addColumn("inclusion_probability", "double precision", (column) => column.notNull())
      .addColumn("state", "text", (column) => column.notNull())
      .addColumn("done_by", "text")
      .addColumn("done_at", "bigint")
      .addPrimaryKeyConstraint("queue_items_pk", ["queue_id", "business_unit", "position"])
      .addUniqueConstraint("queue_items_by_trace", ["queue_id", "business_unit", "trace_id"])
      .execute();
  }
};
