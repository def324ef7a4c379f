import type { Kysely, Selectable } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import { administersAll } from "#lib/model/grant.ts";
import { parseShortName, type Unit } from "#lib/model/person.ts";
import { isBusinessUnit } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Units } from "#lib/ports/people.ts";
import { recordIn } from "./audit-rows.ts";
import type { StateTables } from "./schema.ts";

/** Titles of business units, and which of them were removed, in the state database. */
export function openUnits(db: Kysely<StateTables>, clock: Clock): Units {
  const list = async () => (await db.selectFrom("units").selectAll().orderBy("business_unit").execute()).map(toUnit);
  return {
    list,

    async standing(found) {
      const known = await list();
      const removed = new Set(known.flatMap((unit) => (unit.removedAtMs === null ? [] : unit.businessUnit)));
      const all = new Set([...found, ...known.map(({ businessUnit }) => businessUnit)]);
      return [...all].filter((unit) => !removed.has(unit)).sort();
    },

    async save(scope, businessUnit, title) {
      if (!isBusinessUnit(businessUnit))
        throw new Fault("invalid", `"${businessUnit.slice(0, 80)}" cannot be a business unit`, {
          hint: "Use 1 to 63 lower-case letters, digits and dashes."
        });
      if (!administersAll(scope) && !scope.businessUnits.includes(businessUnit))
        throw new Fault("denied", `the business unit "${businessUnit}" is not yours to administer`);
      const row = {
        business_unit: businessUnit,
        title: parseShortName(title, "the title of a business unit"),
        removed_at: null
      };
      await db.transaction().execute(async (writer) => {
        const before = await writer
          .selectFrom("units")
          .selectAll()
          .where("business_unit", "=", businessUnit)
          .executeTakeFirst();
        await writer
          .insertInto("units")
          .values(row)
          .onConflict((conflict) =>
            conflict.column("business_unit").doUpdateSet({ title: row.title, removed_at: null })
          )
          .execute();
        const action = before?.removed_at === null ? "unit.rename" : "unit.create";
        const object = { kind: "unit", id: businessUnit };
        await recordIn(writer, scope, { action, object, units: [businessUnit], title: row.title }, clock);
      });
      return toUnit(row);
    },

    async remove(scope, businessUnit) {
      if (!administersAll(scope)) throw new Fault("denied", "a business unit is removed by who administers every unit");
      const removed_at = clock.nowMs();
      await db.transaction().execute(async (writer) => {
        await writer
          .insertInto("units")
          .values({ business_unit: businessUnit, title: businessUnit, removed_at })
          .onConflict((conflict) => conflict.column("business_unit").doUpdateSet({ removed_at }))
          .execute();
        const object = { kind: "unit", id: businessUnit };
        await recordIn(writer, scope, { action: "unit.remove", object, units: [businessUnit] }, clock);
      });
    }
  };
}

function toUnit(row: Selectable<StateTables["units"]>): Unit {
  return {
    businessUnit: row.business_unit,
    title: row.title,
    removedAtMs: row.removed_at === null ? null : Number(row.removed_at)
  };
}
