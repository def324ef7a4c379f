import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import { audit } from "./audit-migration.ts";
import { blindLabels } from "./blind-labels-migration.ts";
import { clusterQuestions } from "./cluster-questions-migration.ts";
import { datasetsAndQueues } from "./datasets-and-queues-migration.ts";
import { masks } from "./masks-migration.ts";
import { onlineScoring } from "./online-scoring-migration.ts";
import { people } from "./people-migration.ts";
import { promotedScorers } from "./promoted-scorers-migration.ts";
import { queueFilling } from "./queue-filling-migration.ts";
import { queueJudging } from "./queue-judging-migration.ts";
import { reviews } from "./reviews-migration.ts";
import { sharing } from "./sharing-migration.ts";
import { signIn } from "./sign-in-migration.ts";
import { testLooks } from "./test-looks-migration.ts";
import { verdictAlerts } from "./verdict-alerts-migration.ts";

/** Every change of the schema, in order; one is never edited once it has left this house. */
export const migrations: Readonly<Record<string, Migration>> = {
  "001-foundation": {
    async up(db: Kysely<never>) {
      const { schema } = db;
      await schema
        .createTable("snapshots")
        .addColumn("snapshot_id", "integer", (column) => column.primaryKey())
        .addColumn("created_at", "bigint", (column) => column.notNull())
        .execute();
      await schema
        .createTable("lake_files")
        .addColumn("file_id", "text", (column) => column.primaryKey())
        .addColumn("lake_table", "text", (column) => column.notNull())
        .addColumn("business_unit", "text", (column) => column.notNull())
        .addColumn("day", "text", (column) => column.notNull())
        .addColumn("path", "text", (column) => column.notNull().unique())
        .addColumn("format", "text", (column) => column.notNull())
        .addColumn("row_count", "bigint", (column) => column.notNull())
        .addColumn("size_bytes", "bigint", (column) => column.notNull())
        .addColumn("min_start_ms", "bigint", (column) => column.notNull())
        .addColumn("max_start_ms", "bigint", (column) => column.notNull())
        .addColumn("added_snapshot", "integer", (column) => column.notNull())
        .addColumn("removed_snapshot", "integer")
        .execute();
      await schema
        .createIndex("lake_files_added")
        .on("lake_files")
        .columns(["added_snapshot", "removed_snapshot"])
        .execute();
      await schema
        .createTable("workbooks")
        .addColumn("slug", "text", (column) => column.primaryKey())
        .addColumn("title", "text", (column) => column.notNull())
        .addColumn("revision", "integer", (column) => column.notNull())
        .addColumn("user_id", "text", (column) => column.notNull())
        .addColumn("saved_at", "bigint", (column) => column.notNull())
        .addColumn("removed_at", "bigint")
        .execute();
      await schema
        .createTable("revisions")
        .addColumn("slug", "text", (column) => column.notNull())
        .addColumn("revision", "integer", (column) => column.notNull())
        .addColumn("title", "text", (column) => column.notNull())
        .addColumn("text", "text", (column) => column.notNull())
        .addColumn("user_id", "text", (column) => column.notNull())
        .addColumn("saved_at", "bigint", (column) => column.notNull())
        .addPrimaryKeyConstraint("revisions_pk", ["slug", "revision"])
        .execute();
      await schema
        .createTable("runs")
        .addColumn("run_id", "text", (column) => column.primaryKey())
        .addColumn("workbook", "text", (column) => column.notNull())
        .addColumn("business_units", "text", (column) => column.notNull())
        .addColumn("started_at", "bigint", (column) => column.notNull())
        .addColumn("ended_at", "bigint")
        .addColumn("outcome", "text", (column) => column.notNull())
        .addColumn("head", "text", (column) => column.notNull())
        .execute();
      await schema.createIndex("runs_by_workbook").on("runs").columns(["workbook", "started_at"]).execute();
      await schema
        .createTable("run_bodies")
        .addColumn("run_id", "text", (column) => column.primaryKey())
        .addColumn("body", "text", (column) => column.notNull())
        .addColumn("report", "text")
        .execute();
      await schema
        .createTable("annotations")
        .addColumn("annotation_id", "text", (column) => column.notNull())
        .addColumn("version", "integer", (column) => column.notNull())
        .addColumn("trace_id", "text", (column) => column.notNull())
        .addColumn("span_id", "text")
        .addColumn("business_unit", "text", (column) => column.notNull())
        .addColumn("label", "text", (column) => column.notNull())
        .addColumn("note", "text", (column) => column.notNull())
        .addColumn("user_id", "text", (column) => column.notNull())
        .addColumn("created_at", "bigint", (column) => column.notNull())
        .addPrimaryKeyConstraint("annotations_pk", ["annotation_id", "version"])
        .execute();
      await schema.createIndex("annotations_by_trace").on("annotations").columns(["trace_id"]).execute();
      await schema
        .createTable("schedules")
        .addColumn("slug", "text", (column) => column.primaryKey())
        .addColumn("cron", "text", (column) => column.notNull())
        .addColumn("timezone", "text")
        .addColumn("user_id", "text", (column) => column.notNull())
        .addColumn("next_due", "bigint", (column) => column.notNull())
        .execute();
      await schema
        .createTable("jobs")
        .addColumn("job_id", "text", (column) => column.primaryKey())
        .addColumn("queue", "text", (column) => column.notNull())
        .addColumn("data", "text", (column) => column.notNull())
        .addColumn("state", "text", (column) => column.notNull())
        .addColumn("attempt", "integer", (column) => column.notNull())
        .addColumn("attempts", "integer", (column) => column.notNull())
        .addColumn("start_after", "bigint", (column) => column.notNull())
        .addColumn("lease_until", "bigint")
        .addColumn("owner", "text")
        .addColumn("message", "text")
        .addColumn("created_at", "bigint", (column) => column.notNull())
        .execute();
      await schema.createIndex("jobs_due").on("jobs").columns(["queue", "state", "start_after"]).execute();
    }
  },
  "002-job-groups": {
    async up(db: Kysely<never>) {
      await db.schema.alterTable("jobs").addColumn("job_group", "text").execute();
    }
  },
  "003-ingest-keys": {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable("ingest_keys")
        .addColumn("key_id", "text", (column) => column.primaryKey())
        .addColumn("secret_digest", "text", (column) => column.notNull().unique())
        .addColumn("business_unit", "text", (column) => column.notNull())
        .addColumn("name", "text", (column) => column.notNull())
        .addColumn("spans_per_second", "integer")
        .addColumn("user_id", "text", (column) => column.notNull())
        .addColumn("created_at", "bigint", (column) => column.notNull())
        .addColumn("revoked_at", "bigint")
        .execute();
    }
  },
  "004-lake-readers": {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable("lake_readers")
        .addColumn("reader_id", "text", (column) => column.primaryKey())
        .addColumn("snapshot_id", "integer", (column) => column.notNull())
        .addColumn("pinned_at", "bigint", (column) => column.notNull())
        .execute();
      await db.schema.createIndex("lake_files_removed").on("lake_files").columns(["removed_snapshot"]).execute();
    }
  },
  "005-saved-views": {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable("saved_views")
        .addColumn("view_id", "text", (column) => column.primaryKey())
        .addColumn("owner_units", "text", (column) => column.notNull())
        .addColumn("name", "text", (column) => column.notNull())
        .addColumn("query", "text", (column) => column.notNull())
        .addColumn("user_id", "text", (column) => column.notNull())
        .addColumn("saved_at", "bigint", (column) => column.notNull())
        .addUniqueConstraint("saved_views_name", ["owner_units", "name"])
        .execute();
    }
  },
  "006-imported-annotations": {
    async up(db: Kysely<never>) {
      await db.schema.alterTable("annotations").addColumn("source", "text").execute();
      await db.schema
        .createTable("waiting_judgements")
        .addColumn("judgement_id", "text", (column) => column.primaryKey())
        .addColumn("business_unit", "text", (column) => column.notNull())
        .addColumn("source", "text", (column) => column.notNull())
        .addColumn("run", "text", (column) => column.notNull())
        .addColumn("step", "integer")
        .addColumn("key", "text", (column) => column.notNull())
        .addColumn("said", "text", (column) => column.notNull())
        .addColumn("given_at", "bigint", (column) => column.notNull())
        .execute();
    }
  },
  "008-log-messages": {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable("log_messages")
        .addColumn("message_id", "text", (column) => column.primaryKey())
        .addColumn("business_unit", "text", (column) => column.notNull())
        .addColumn("trace_id", "text", (column) => column.notNull())
        .addColumn("span_id", "text", (column) => column.notNull())
        .addColumn("said_ns", "text", (column) => column.notNull())
        .addColumn("event", "text", (column) => column.notNull())
        .addColumn("size_bytes", "bigint", (column) => column.notNull())
        .addColumn("joined", "integer", (column) => column.notNull())
        .addColumn("arrived_at", "bigint", (column) => column.notNull())
        .execute();
      await db.schema.createIndex("log_messages_by_trace").on("log_messages").columns(["trace_id"]).execute();
    }
  },
  "009-kept-maps": {
    async up(db: Kysely<never>) {
      const { schema } = db;
      await schema
        .createTable("kept_maps")
        .addColumn("map_id", "text", (column) => column.primaryKey())
        .addColumn("title", "text", (column) => column.notNull())
        .addColumn("ground", "text", (column) => column.notNull())
        .addColumn("user_id", "text", (column) => column.notNull())
        .addColumn("created_at", "bigint", (column) => column.notNull())
        .addColumn("version", "integer", (column) => column.notNull())
        .addColumn("placed_snapshot", "integer", (column) => column.notNull())
        .execute();
      await schema
        .createTable("kept_map_units")
        .addColumn("map_id", "text", (column) => column.notNull())
        .addColumn("business_unit", "text", (column) => column.notNull())
        .addPrimaryKeyConstraint("kept_map_units_pk", ["map_id", "business_unit"])
        .execute();
      await schema
        .createTable("map_versions")
        .addColumn("map_id", "text", (column) => column.notNull())
        .addColumn("version", "integer", (column) => column.notNull())
        .addColumn("body", "text", (column) => column.notNull())
        .addPrimaryKeyConstraint("map_versions_pk", ["map_id", "version"])
        .execute();
      await schema
        .createTable("cluster_names")
        .addColumn("map_id", "text", (column) => column.notNull())
        .addColumn("cluster_id", "integer", (column) => column.notNull())
        .addColumn("name", "text", (column) => column.notNull())
        .addColumn("user_id", "text", (column) => column.notNull())
        .addColumn("named_at", "bigint", (column) => column.notNull())
        .addPrimaryKeyConstraint("cluster_names_pk", ["map_id", "cluster_id"])
        .execute();
    }
  },
  "010-map-areas": {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable("map_areas")
        .addColumn("map_id", "text", (column) => column.notNull())
        .addColumn("name", "text", (column) => column.notNull())
        .addColumn("version", "integer", (column) => column.notNull())
        .addColumn("polygon", "text", (column) => column.notNull())
        .addColumn("user_id", "text", (column) => column.notNull())
        .addColumn("made_at", "bigint", (column) => column.notNull())
        .addPrimaryKeyConstraint("map_areas_pk", ["map_id", "name"])
        .execute();
    }
  },
  "011-datasets-and-queues": datasetsAndQueues,
  "012-model-answers": {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable("model_answers")
        .addColumn("business_unit", "text", (column) => column.notNull())
        .addColumn("question_hash", "text", (column) => column.notNull())
        .addColumn("answer", "text", (column) => column.notNull())
        .addColumn("model_id", "text", (column) => column.notNull())
        .addColumn("input_tokens", "integer", (column) => column.notNull())
        .addColumn("output_tokens", "integer", (column) => column.notNull())
        .addColumn("cost_usd", "double precision")
        .addColumn("answered_at", "bigint", (column) => column.notNull())
        .addPrimaryKeyConstraint("model_answers_pk", ["business_unit", "question_hash"])
        .execute();
      await db.schema
        .createTable("cluster_titles")
        .addColumn("map_id", "text", (column) => column.notNull())
        .addColumn("cluster_id", "integer", (column) => column.notNull())
        .addColumn("business_unit", "text", (column) => column.notNull())
        .addColumn("title", "text", (column) => column.notNull())
        .addColumn("description", "text", (column) => column.notNull())
        .addColumn("model_id", "text", (column) => column.notNull())
        .addColumn("sample", "text", (column) => column.notNull())
        .addColumn("size", "integer", (column) => column.notNull())
        .addColumn("version", "integer", (column) => column.notNull())
        .addColumn("user_id", "text", (column) => column.notNull())
        .addColumn("written_at", "bigint", (column) => column.notNull())
        .addPrimaryKeyConstraint("cluster_titles_pk", ["map_id", "cluster_id", "business_unit"])
        .execute();
    }
  },
  "013-alerts": {
    async up(db: Kysely<never>) {
      await db.schema
        .createTable("alerts")
        .addColumn("alert_id", "text", (column) => column.primaryKey())
        .addColumn("map_id", "text", (column) => column.notNull())
        .addColumn("business_unit", "text", (column) => column.notNull())
        .addColumn("cluster_id", "integer")
        .addColumn("numbers", "text", (column) => column.notNull())
        .addColumn("raised_at", "bigint", (column) => column.notNull())
        .addColumn("ended_at", "bigint")
        .addColumn("delivery", "text", (column) => column.notNull())
        .addColumn("attempts", "integer", (column) => column.notNull())
        .addColumn("next_try", "bigint", (column) => column.notNull())
        .addColumn("problem", "text")
        .execute();
      await db.schema.createIndex("alerts_by_map").on("alerts").columns(["map_id"]).execute();
    }
  },
  "014-promoted-scorers": promotedScorers,
  "015-online-scoring": onlineScoring,
  "016-test-looks": testLooks,
  "017-reviews": reviews,
  "018-people": people,
  "019-audit": audit,
  "020-queue-judging": queueJudging,
  "021-queue-filling": queueFilling,
  "022-masking": masks,
  "023-sharing": sharing,
  "024-cluster-questions": clusterQuestions,
  "025-sign-in": signIn,
  "026-blind-labels": blindLabels,
  "027-verdict-alerts": verdictAlerts
};
