import type { Kysely } from "kysely";
import type { NewAuditEntry } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";
import { everyone, type Grantee, requireAccess, requireGrantee, type ShareAccess } from "#lib/model/share.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Shares } from "#lib/ports/shares.ts";
import { recordIn } from "./audit-rows.ts";
import type { StateTables } from "./schema.ts";
import { findAccess } from "./visible.ts";

/** Most that one workbook is shared with. */
const grantees = 500;

/** Shares of workbooks in the state database. */
export function openShares(db: Kysely<StateTables>, clock: Clock): Shares {
  return {
    async list(scope, slug) {
      await requireOwn(db, scope, slug);
      const rows = await ofWorkbook(db, slug).selectAll().orderBy("grantee").execute();
      return rows.map((row) => ({
        grantee: row.grantee as Grantee,
        access: row.access as ShareAccess,
        userId: row.user_id,
        sharedAtMs: Number(row.shared_at)
      }));
    },

    put: (scope, slug, grantee, access) =>
      db.transaction().execute(async (transaction) => {
        await requireOwn(transaction, scope, slug);
        requireGrantee(scope, grantee);
        if (grantee === everyone && !scope.roles.includes("admin"))
          throw new Fault("denied", "only who administers every business unit shares a workbook with everyone", {
            hint: "Share it with your business units, or with people by their e-mail address."
          });
        const before = await ofWorkbook(transaction, slug).select(["grantee", "access"]).execute();
        const earlier = before.find((row) => row.grantee === grantee);
        if (earlier?.access === access) return;
        if (!earlier && before.length >= grantees)
          throw new Fault("limit", `a workbook is shared with at most ${grantees} people and units`, {
            hint: "Share it with a business unit as a whole."
          });
        const row = { access, user_id: scope.userId, shared_at: clock.nowMs() };
        await transaction
          .insertInto("shares")
          .values({ object_kind: "workbook", object_id: slug, grantee, ...row })
          .onConflict((conflict) => conflict.columns(["object_kind", "object_id", "grantee"]).doUpdateSet(row))
          .execute();
        await recordIn(transaction, scope, {
          action: "workbook.share",
          object: { kind: "workbook", id: slug },
          units: unitsOf(grantee),
          ...toldOf(grantee, access),
          before: earlier?.access ?? null,
          after: access
        });
      }),

    remove: (scope, slug, grantee) =>
      db.transaction().execute(async (transaction) => {
        await requireOwn(transaction, scope, slug);
        const gone = await transaction
          .deleteFrom("shares")
          .where("object_kind", "=", "workbook")
          .where("object_id", "=", slug)
          .where("grantee", "=", grantee)
          .returning("access")
          .executeTakeFirst();
        if (!gone) return;
        await recordIn(transaction, scope, {
          action: "workbook.share",
          object: { kind: "workbook", id: slug },
          units: unitsOf(grantee),
          ...toldOf(grantee, null),
          before: gone.access,
          after: null
        });
      })
  };
}

/** The units whose auditors hear of it. */
export function unitsOf(grantee: Grantee): readonly string[] {
  return grantee.startsWith("unit:") && grantee !== everyone ? [grantee.slice("unit:".length)] : [];
}

/** An address is kept apart from the chain, so that it can be erased. */
function toldOf(grantee: Grantee, access: ShareAccess | null): Pick<NewAuditEntry, "facts" | "diff"> {
  if (!grantee.startsWith("email:")) return { facts: { grantee, access } };
  return { facts: { grantee: "email", access }, diff: { grantee } };
}

function ofWorkbook(db: Kysely<StateTables>, slug: string) {
  return db.selectFrom("shares").where("object_kind", "=", "workbook").where("object_id", "=", slug);
}

async function requireOwn(db: Kysely<StateTables>, scope: Scope, slug: string): Promise<void> {
  requireAccess(await findAccess(db, scope, slug), "own", slug);
}
