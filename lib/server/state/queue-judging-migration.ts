import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What named reviewers, adjudication, gold items and pairs add to queues. */
export const queueJudging: Migration = {
  async up(db: Kysely<never>) {
    const { schema } = db;
    await schema.alterTable("queues").addColumn("reviewers", "text").execute();
    await schema.alterTable("queues").addColumn("adjudicators", "text").execute();
    await schema
      .alterTable("queues")
      .addColumn("decide_by", "text", (column) => column.notNull().defaultTo("unanimous"))
      .execute();
    await schema
      .alterTable("queues")
      .addColumn("mode", "text", (column) => column.notNull().defaultTo("labels"))
      .execute();
    await schema
      .alterTable("queue_items")
      .addColumn("verdict", "text", (column) => column.notNull().defaultTo("open"))
      .execute();
    await schema.alterTable("queue_items").addColumn("final_label", "text").execute();
    await schema.alterTable("queue_items").addColumn("other_trace_id", "text").execute();
    await schema.alterTable("reviews").addColumn("label", "text").execute();
    await schema
      .createTable("adjudications")
      .addColumn("queue_id", "text", (column) => column.notNull())
      .addColumn("business_unit", "text", (column) => column.notNull())
      .addColumn("trace_id", "text", (column) => column.notNull())
      .addColumn("version", "integer", (column) => column.notNull())
      .addColumn("rubric_version", "integer", (column) => column.notNull())
      .addColumn("label", "text")
      .addColumn("reason", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("made_at", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("adjudications_pk", ["queue_id", "business_unit", "trace_id", "version"])
      .execute();
    await schema
      .createTable("gold_items")
      .addColumn("queue_id", "text", (column) => column.notNull())
      .addColumn("business_unit", "text", (column) => column.notNull())
      .addColumn("trace_id", "text", (column) => column.notNull())
      .addColumn("label", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("made_at", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("gold_items_pk", ["queue_id", "business_unit", "trace_id"])
      .execute();
    await schema
      .createIndex("queue_items_by_state")
      .on("queue_items")
      .columns(["queue_id", "state", "position", "business_unit"])
      .execute();
    await labelOldReviews(db as unknown as Kysely<OldTables>);
  }
};

/** The tables as they are at this migration. */
interface OldTables {
  readonly reviews: {
    queue_id: string;
    business_unit: string;
    trace_id: string;
    user_id: string;
    version: number;
    kind: string;
    judgement: string;
    label: string | null;
  };
}

async function labelOldReviews(db: Kysely<OldTables>): Promise<void> {
  const rows = await db
    .selectFrom("reviews")
    .select(["queue_id", "business_unit", "trace_id", "user_id", "version", "judgement"])
    .where("kind", "=", "labelled")
    .execute();
  for (const { judgement, ...key } of rows) {
    const { label } = JSON.parse(judgement) as { readonly label: string };
    await db
      .updateTable("reviews")
      .set({ label })
      .where(({ and }) => and(key))
      .execute();
  }
}
