import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";
import type { StateTables } from "./schema.ts";

/** Workbooks that came with the program when owners came in: everybody saw them before. */
const starters = [
  "new-complaint",
  "tool-use-audit",
  "was-the-task-done",
  "which-step-went-wrong",
  "wrong-refund-policy"
];

/** Who owns a workbook, with whom it and the reports of its runs are shared, and what people say about things. */
export const sharing: Migration = {
  async up(db: Kysely<never>) {
    const { schema } = db;
    await schema
      .alterTable("workbooks")
      .addColumn("owner_id", "text", (column) => column.notNull().defaultTo(""))
      .execute();
    await sql`update workbooks set owner_id = coalesce(
      (select r.user_id from revisions r where r.slug = workbooks.slug and r.revision = 1), user_id)`.execute(db);
    await schema
      .alterTable("runs")
      .addColumn("user_id", "text", (column) => column.notNull().defaultTo(""))
      .execute();
    await nameRunners(db as unknown as Kysely<Pick<StateTables, "runs">>);
    await schema
      .createTable("shares")
      .addColumn("object_kind", "text", (column) => column.notNull())
      .addColumn("object_id", "text", (column) => column.notNull())
      .addColumn("grantee", "text", (column) => column.notNull())
      .addColumn("access", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("shared_at", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("shares_pk", ["object_kind", "object_id", "grantee"])
      .execute();
    await schema.createIndex("shares_by_grantee").on("shares").columns(["grantee", "object_kind"]).execute();
    await sql`insert into shares (object_kind, object_id, grantee, access, user_id, shared_at)
      select 'workbook', slug, 'unit:*', 'view', owner_id, saved_at from workbooks
      where slug in (${sql.join(starters)})`.execute(db);
    await schema
      .createTable("comments")
      .addColumn("comment_id", "text", (column) => column.primaryKey())
      .addColumn("thread_id", "text", (column) => column.notNull())
      .addColumn("object_kind", "text", (column) => column.notNull())
      .addColumn("object_id", "text", (column) => column.notNull())
      .addColumn("business_unit", "text")
      .addColumn("place", "text")
      .addColumn("body", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("written_at", "bigint", (column) => column.notNull())
      .execute();
    await schema.createIndex("comments_by_object").on("comments").columns(["object_kind", "object_id"]).execute();
    await schema
      .createTable("comment_marks")
      .addColumn("mark_id", "text", (column) => column.primaryKey())
      .addColumn("comment_id", "text", (column) => column.notNull())
      .addColumn("kind", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("made_at", "bigint", (column) => column.notNull())
      .execute();
    await schema.createIndex("comment_marks_by_comment").on("comment_marks").column("comment_id").execute();
    await schema
      .createTable("comment_mentions")
      .addColumn("comment_id", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("seen_at", "bigint")
      .addPrimaryKeyConstraint("comment_mentions_pk", ["comment_id", "user_id"])
      .execute();
    await schema
      .createIndex("comment_mentions_by_user")
      .on("comment_mentions")
      .columns(["user_id", "seen_at"])
      .execute();
  }
};

/** Writes beside each run who ran it; until now it stood in the head alone. */
async function nameRunners(db: Kysely<Pick<StateTables, "runs">>): Promise<void> {
  for (let last = ""; ; ) {
    const rows = await db
      .selectFrom("runs")
      .select(["run_id", "head"])
      .where("run_id", ">", last)
      .orderBy("run_id")
      .limit(500)
      .execute();
    for (const { run_id, head } of rows) {
      const { userId } = JSON.parse(head) as { readonly userId: string };
      await db.updateTable("runs").set({ user_id: userId }).where("run_id", "=", run_id).execute();
    }
    if (rows.length < 500) return;
    last = rows.at(-1)!.run_id;
  }
}
