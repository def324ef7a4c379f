import type { Kysely, Selectable } from "kysely";
import type { NewAuditEntry } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import { checkSavedView, type SavedView } from "#lib/model/saved-view.ts";
import { type Scope, scopeKey } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { SavedViews } from "#lib/ports/saved-views.ts";
import { recordIn } from "./audit-rows.ts";
import type { StateTables } from "./schema.ts";

const mostViews = 500;

/** Saved views in the state database. */
export function openSavedViews(db: Kysely<StateTables>, clock: Clock): SavedViews {
  const list = async (scope: Scope) => {
    const rows = await db.selectFrom("saved_views").selectAll().orderBy("name").orderBy("view_id").execute();
    return rows
      .map(toView)
      .filter(({ businessUnits }) => businessUnits.every((unit) => scope.businessUnits.includes(unit)));
  };
  const require = async (scope: Scope, viewId: string): Promise<SavedView> => {
    const view = (await list(scope)).find((candidate) => candidate.viewId === viewId);
    if (view) return view;
    throw new Fault("missing", `there is no saved view "${viewId.slice(0, 80)}"`, {
      hint: "It may have been deleted; the list of views is in the page of traces."
    });
  };
  const taken = (name: string) =>
    new Fault("conflict", `there is a saved view "${name}" already`, { hint: "Choose another name." });
  return {
    list,

    async save(scope, view) {
      const { name, query } = checkSavedView(view);
      if ((await list(scope)).length >= mostViews)
        throw new Fault("limit", `there are ${mostViews} saved views already`, { hint: "Delete some of them." });
      const row = {
        view_id: clock.newId(),
        owner_units: scopeKey(scope),
        name,
        query,
        user_id: scope.userId,
        saved_at: clock.nowMs()
      };
      return db.transaction().execute(async (transaction) => {
        const made = await transaction
          .insertInto("saved_views")
          .values(row)
          .onConflict((conflict) => conflict.columns(["owner_units", "name"]).doNothing())
          .returning("view_id")
          .executeTakeFirst();
        if (!made) throw taken(name);
        await recordIn(transaction, scope, entryOf("view.save", toView(row)), clock);
        return toView(row);
      });
    },

    async change(scope, viewId, view) {
      const { name, query } = checkSavedView(view);
      const { businessUnits } = await require(scope, viewId);
      const changed = { name, query, user_id: scope.userId, saved_at: clock.nowMs() };
      return db.transaction().execute(async (transaction) => {
        const other = await transaction
          .selectFrom("saved_views")
          .select("view_id")
          .where("owner_units", "=", businessUnits.join(","))
          .where("name", "=", name)
          .where("view_id", "<>", viewId)
          .executeTakeFirst();
        if (other) throw taken(name);
        const row = await transaction
          .updateTable("saved_views")
          .set(changed)
          .where("view_id", "=", viewId)
          .returningAll()
          .executeTakeFirst();
        if (!row) throw new Fault("missing", `the saved view "${name}" was deleted meanwhile`);
        await recordIn(transaction, scope, entryOf("view.save", toView(row)), clock);
        return toView(row);
      });
    },

    async remove(scope, viewId) {
      const view = await require(scope, viewId);
      await db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom("saved_views").where("view_id", "=", viewId).execute();
        await recordIn(transaction, scope, entryOf("view.remove", view), clock);
      });
    }
  };
}

function entryOf(
  action: "view.save" | "view.remove",
  { viewId, name, query, businessUnits }: SavedView
): NewAuditEntry {
  return { action, object: { kind: "view", id: viewId }, units: businessUnits, title: name, after: query };
}

function toView(row: Selectable<StateTables["saved_views"]>): SavedView {
  return {
    viewId: row.view_id,
    name: row.name,
    query: row.query,
    businessUnits: row.owner_units.split(",").filter((unit) => unit !== ""),
    userId: row.user_id,
    savedAtMs: Number(row.saved_at)
  };
}
