import type { Kysely } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";
import { accessFor, noWorkbook, requireAccess } from "#lib/model/share.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { StoredWorkbook, Workbooks } from "#lib/ports/workbooks.ts";
import { recordIn } from "./audit-rows.ts";
import type { StateTables } from "./schema.ts";
import { findAccess, isVisibleWorkbook, listGiven } from "./visible.ts";

/** Most revisions that one list shows. */
const revisionLimit = 200;

/** Workbooks and their revisions in the state database. */
export function openWorkbooks(db: Kysely<StateTables>, clock: Clock): Workbooks {
  const findIn = async (
    within: Kysely<StateTables>,
    scope: Scope,
    slug: string
  ): Promise<StoredWorkbook | undefined> => {
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
        "workbooks.owner_id",
        "workbooks.saved_at",
        "revisions.text"
      ])
      .where("workbooks.slug", "=", slug)
      .where("workbooks.removed_at", "is", null)
      .where(isVisibleWorkbook(scope))
      .executeTakeFirst();
    const access = row && accessFor(scope, row.owner_id, await listGiven(within, scope, [slug]));
    return row && access && { ...readHead(row), text: row.text, access };
  };
  return {
    async list(scope) {
      const rows = await db
        .selectFrom("workbooks")
        .selectAll()
        .where("removed_at", "is", null)
        .where(isVisibleWorkbook(scope))
        .orderBy("title")
        .orderBy("slug")
        .execute();
      const given = Map.groupBy(
        await listGiven(
          db,
          scope,
          rows.map(({ slug }) => slug)
        ),
        ({ slug }) => slug
      );
      return rows.flatMap((row) => {
        const access = accessFor(scope, row.owner_id, given.get(row.slug) ?? []);
        return access ? [{ ...readHead(row), access }] : [];
      });
    },

    find: (scope, slug) => findIn(db, scope, slug),

    accessTo: (scope, slug) => findAccess(db, scope, slug),

    create: (scope, slug, title, text) =>
      db.transaction().execute(async (transaction) => {
        const row = { slug, title, revision: 1, user_id: scope.userId, saved_at: clock.nowMs() };
        const head = { ...row, owner_id: scope.userId };
        const made = await transaction
          .insertInto("workbooks")
          .values({ ...head, removed_at: null })
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
        const entry = { action: "workbook.create", object: { kind: "workbook", id: slug, version: 1 } } as const;
        await recordIn(transaction, scope, { ...entry, units: [], title, after: text }, clock);
        return { ...readHead(head), text, access: "own" } as const;
      }),

    save: (scope, slug, title, text, baseRevision) =>
      db.transaction().execute(async (transaction) => {
        const { userId } = scope;
        const current = await findIn(transaction, scope, slug);
        if (!current) throw noWorkbook(slug);
        requireAccess(current.access, "edit", slug);
        if (current.text === text) return { kind: "saved", workbook: current } as const;
        const savedAtMs = clock.nowMs();
        const moved = await transaction
          .updateTable("workbooks")
          .set({ title, revision: baseRevision + 1, user_id: userId, saved_at: savedAtMs })
          .where("slug", "=", slug)
          .where("revision", "=", baseRevision)
          .returning("revision")
          .executeTakeFirst();
        if (!moved) return { kind: "conflict", current: (await findIn(transaction, scope, slug)) ?? current } as const;
        await transaction
          .insertInto("revisions")
          .values({ slug, revision: moved.revision, title, text, user_id: userId, saved_at: savedAtMs })
          .execute();
        const object = { kind: "workbook", id: slug, version: moved.revision };
        const change = { title, before: current.text, after: text };
        await recordIn(transaction, scope, { action: "workbook.save", object, units: [], ...change }, clock);
        return {
          kind: "saved",
          workbook: { ...current, title, text, revision: moved.revision, userId, savedAtMs }
        } as const;
      }),

    async listRevisions(scope, slug) {
      if (!(await findAccess(db, scope, slug))) return [];
      const rows = await db
        .selectFrom("revisions")
        .select(["revision", "user_id", "saved_at"])
        .where("slug", "=", slug)
        .orderBy("revision", "desc")
        .limit(revisionLimit)
        .execute();
      return rows.map((row) => ({ revision: row.revision, userId: row.user_id, savedAtMs: Number(row.saved_at) }));
    },

    async findRevision(scope, slug, revision) {
      if (!(await findAccess(db, scope, slug))) return undefined;
      const row = await db
        .selectFrom("revisions")
        .selectAll()
        .where("slug", "=", slug)
        .where("revision", "=", revision)
        .executeTakeFirst();
      return row && { revision: row.revision, userId: row.user_id, savedAtMs: Number(row.saved_at), text: row.text };
    },

    async remove(scope, slug) {
      const access = await findAccess(db, scope, slug);
      if (!access) return;
      requireAccess(access, "own", slug);
      // Revisions stay: what was saved is never lost, and the slug is not given out again.
      await db.transaction().execute(async (transaction) => {
        const removed = await transaction
          .updateTable("workbooks")
          .set({ removed_at: clock.nowMs() })
          .where("slug", "=", slug)
          .where("removed_at", "is", null)
          .returning(["title", "revision"])
          .executeTakeFirst();
        if (!removed) return;
        const { title, revision } = removed;
        const object = { kind: "workbook", id: slug, version: revision };
        await recordIn(transaction, scope, { action: "workbook.remove", object, units: [], title }, clock);
      });
    }
  };
}

function readHead(row: {
  readonly slug: string;
  readonly title: string;
  readonly revision: number;
  readonly user_id: string;
  readonly owner_id: string;
  readonly saved_at: number;
}) {
  return {
    slug: row.slug,
    title: row.title,
    revision: row.revision,
    userId: row.user_id,
    ownerId: row.owner_id,
    savedAtMs: Number(row.saved_at)
  };
}
