import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Questions about clusters, one per cluster and unit, and what experts say of them: versions that are never changed. */
export const clusterQuestions: Migration = {
  async up(db: Kysely<never>) {
    await db.schema
      .createTable("cluster_questions")
      .addColumn("question_id", "text", (column) => column.primaryKey())
      .addColumn("map_id", "text", (column) => column.notNull())
      .addColumn("cluster_id", "integer", (column) => column.notNull())
      .addColumn("business_unit", "text", (column) => column.notNull())
      .addColumn("question", "text", (column) => column.notNull())
      .addColumn("map_version", "integer", (column) => column.notNull())
      .addColumn("size", "integer", (column) => column.notNull())
      .addColumn("sample", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("asked_at", "bigint", (column) => column.notNull())
      .addUniqueConstraint("cluster_questions_cluster", ["map_id", "cluster_id", "business_unit"])
      .execute();
    await db.schema
      .createTable("cluster_judgements")
      .addColumn("question_id", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("version", "integer", (column) => column.notNull())
      .addColumn("verdict", "text", (column) => column.notNull())
      .addColumn("note", "text", (column) => column.notNull())
      .addColumn("map_version", "integer", (column) => column.notNull())
      .addColumn("made_at", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("cluster_judgements_pk", ["question_id", "user_id", "version"])
      .execute();
  }
};
