import type { Kysely } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { StoredWorkbook, Workbooks } from "#lib/ports/workbooks.ts";
import type { StateTables } from "./schema.ts";

/** Most revisions that one list shows. */
const revisionLimit = 200;

/** Workbooks and their revisions in the state database. */
export function openWorkbooks(db: Kysely<StateTables>, clock: Clock): Workbooks {
  const findIn = async (within: Kysely<StateTables>, slug: string): Promise<StoredWorkbook | undefined> => {
    const row = await within
      .selectFrom("workbooks")
      .innerJoin("revisions", (join) =>
        join.onRef("revisions.slug", "=", "workbooks.slug").onRef("revisions.revision", "=", "workbooks.revision")
      )
      .select([
        "workbooks.slug",
        "workbooks.title",
        "workbooks.revision",
        "workbooks.user_id",
        "workbooks.saved_at",
        "revisions.text"
      ])
      .where("workbooks.slug", "=", slug)
      .where("workbooks.removed_at", "is", null)
      .executeTakeFirst();
    return (
      row && {
        slug: row.slug,
        title: row.title,
        text: row.text,
        revision: row.revision,
        userId: row.user_id,
        savedAtMs: Number(row.saved_at)
      }
    );
  };
  return {
    async list() {
      const rows = await db
        .selectFrom("workbooks")
        .selectAll()
        .where("removed_at", "is", null)
        .orderBy("title")
        .orderBy("slug")
        .execute();
      return rows.map((row) => ({
        slug: row.slug,
        title: row.title,
        revision: row.revision,
        userId: row.user_id,
        savedAtMs: Number(row.saved_at)
      }));
    },

    find: (_scope, slug) => findIn(db, slug),

    create: ({ userId }, slug, title, text) =>
      db.transaction().execute(async (transaction) => {
        const row = { slug, title, revision: 1, user_id: userId, saved_at: clock.nowMs() };
        const made = await transaction
          .insertInto("workbooks")
          .values({ ...row, removed_at: null })
          .onConflict((conflict) => conflict.doNothing())
          .returning("slug")
          .executeTakeFirst();
        if (!made)
          throw new Fault("conflict", `a workbook "${slug}" exists, or existed, already`, {
            hint: "Choose another name."
          });
        await transaction
          .insertInto("revisions")
          .values({ ...row, text })
          .execute();
        return { slug, title, text, revision: 1, userId, savedAtMs: row.saved_at };
      }),

    save: ({ userId }, slug, title, text, baseRevision) =>
      db.transaction().execute(async (transaction) => {
        const current = await findIn(transaction, slug);
        if (!current) throw new Fault("missing", `there is no workbook "${slug}"`);
        if (current.text === text) return { kind: "saved", workbook: current } as const;
        const savedAtMs = clock.nowMs();
        const moved = await transaction
          .updateTable("workbooks")
          .set({ title, revision: baseRevision + 1, user_id: userId, saved_at: savedAtMs })
          .where("slug", "=", slug)
          .where("revision", "=", baseRevision)
          .returning("revision")
          .executeTakeFirst();
        if (!moved) return { kind: "conflict", current: (await findIn(transaction, slug)) ?? current } as const;
        await transaction
          .insertInto("revisions")
          .values({ slug, revision: moved.revision, title, text, user_id: userId, saved_at: savedAtMs })
          .execute();
        return { kind: "saved", workbook: { slug, title, text, revision: moved.revision, userId, savedAtMs } } as const;
      }),

    async listRevisions(_scope, slug) {
      const rows = await db
        .selectFrom("revisions")
        .select(["revision", "user_id", "saved_at"])
        .where("slug", "=", slug)
        .orderBy("revision", "desc")
        .limit(revisionLimit)
        .execute();
      return rows.map((row) => ({ revision: row.revision, userId: row.user_id, savedAtMs: Number(row.saved_at) }));
    },

    async findRevision(_scope, slug, revision) {
      const row = await db
        .selectFrom("revisions")
        .selectAll()
        .where("slug", "=", slug)
        .where("revision", "=", revision)
        .executeTakeFirst();
      return row && { revision: row.revision, userId: row.user_id, savedAtMs: Number(row.saved_at), text: row.text };
    },

    async remove(_scope, slug) {
      // Revisions stay: what was saved is never lost, and the slug is not given out again.
      await db
        .updateTable("workbooks")
        .set({ removed_at: clock.nowMs() })
        .where("slug", "=", slug)
        .where("removed_at", "is", null)
        .execute();
    }
  };
}
