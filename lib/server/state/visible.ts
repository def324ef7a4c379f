import { type ExpressionBuilder, type ExpressionWrapper, type Kysely, type SqlBool, sql } from "kysely";
import type { Scope } from "#lib/model/scope.ts";
import { accessFor, type Grantee, granteesOf, type ShareAccess, type WorkbookAccess } from "#lib/model/share.ts";
import type { StateTables } from "./schema.ts";

type Condition = ExpressionWrapper<StateTables, never, SqlBool>;

/** Condition on `shares`: it names the one who asks, by the e-mail address of their account too. */
function namesAsker(scope: Scope) {
  return (eb: ExpressionBuilder<StateTables, "shares">) =>
    eb.or([
      eb("shares.grantee", "in", granteesOf(scope)),
      eb(
        "shares.grantee",
        "=",
        eb
          .selectFrom("people")
          .select(sql<string>`'email:' || people.email`.as("grantee"))
          .where("people.id", "=", scope.userId)
          .where("people.removed_at", "is", null)
      )
    ]);
}

const always = () => sql<SqlBool>`1 = 1` as unknown as Condition;

/** Condition on `workbooks`: it is the asker's, shared with them, or they administer every unit. */
export function isVisibleWorkbook(scope: Scope) {
  return (eb: ExpressionBuilder<StateTables, "workbooks">): Condition => {
    if (scope.roles.includes("admin")) return always();
    return eb.or([
      eb("workbooks.owner_id", "=", scope.userId),
      eb.exists(
        eb
          .selectFrom("shares")
          .select("shares.object_id")
          .where("shares.object_kind", "=", "workbook")
          .whereRef("shares.object_id", "=", "workbooks.slug")
          .where(namesAsker(scope))
      )
    ]) as unknown as Condition;
  };
}

/**
 * Condition on `runs`: the asker sees the workbook, removed or not, or ran a text that no workbook holds. The units of
 * the run are held against the scope apart from it.
 */
export function isRunOfVisibleWorkbook(scope: Scope) {
  return (eb: ExpressionBuilder<StateTables, "runs">): Condition => {
    const stored = eb.selectFrom("workbooks").select("workbooks.slug").whereRef("workbooks.slug", "=", "runs.workbook");
    return eb.or([
      eb.exists(stored.where(isVisibleWorkbook(scope))),
      eb.and([eb("runs.user_id", "=", scope.userId), eb.not(eb.exists(stored))]),
      ...(scope.roles.includes("admin") ? [always()] : [])
    ]) as unknown as Condition;
  };
}

/** Condition on `runs`: the report is published to the asker. */
export function isPublished(scope: Scope) {
  return (eb: ExpressionBuilder<StateTables, "runs">): Condition =>
    eb.exists(
      eb
        .selectFrom("shares")
        .select("shares.object_id")
        .where("shares.object_kind", "=", "report")
        .whereRef("shares.object_id", "=", "runs.run_id")
        .where(namesAsker(scope))
    ) as unknown as Condition;
}

/** A workbook that stands, and what the one who asks may do with it; undefined where it does not exist for them. */
export async function findAccess(
  db: Kysely<StateTables>,
  scope: Scope,
  slug: string
): Promise<WorkbookAccess | undefined> {
  const row = await db
    .selectFrom("workbooks")
    .select("owner_id")
    .where("slug", "=", slug)
    .where("removed_at", "is", null)
    .where(isVisibleWorkbook(scope))
    .executeTakeFirst();
  return row && accessFor(scope, row.owner_id, await listGiven(db, scope, [slug]));
}

/** The shares of workbooks that name the one who asks; one by e-mail address is given as to the person. */
export async function listGiven(
  db: Kysely<StateTables>,
  scope: Scope,
  slugs: readonly string[]
): Promise<readonly { readonly slug: string; readonly grantee: Grantee; readonly access: ShareAccess }[]> {
  if (slugs.length === 0) return [];
  const rows = await db
    .selectFrom("shares")
    .select(["object_id", "grantee", "access"])
    .where("object_kind", "=", "workbook")
    .where("object_id", "in", slugs)
    .where(namesAsker(scope))
    .execute();
  return rows.map((row) => ({
    slug: row.object_id,
    grantee: row.grantee.startsWith("email:") ? `person:${scope.userId}` : (row.grantee as Grantee),
    access: row.access as ShareAccess
  }));
}
