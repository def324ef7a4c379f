import { randomBytes } from "node:crypto";
import type { Kysely, Selectable } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import type { MaskRules, MaskVersion } from "#lib/model/mask.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Masks } from "#lib/ports/masks.ts";
import { recordIn } from "./audit-rows.ts";
import type { StateTables } from "./schema.ts";

/** What units hide, in the state database. */
export function openMasks(db: Kysely<StateTables>, clock: Clock): Masks {
  return {
    async list(scope, businessUnit) {
      requireOwn(scope, businessUnit);
      const rows = await db
        .selectFrom("mask_rules")
        .selectAll()
        .where("business_unit", "=", businessUnit)
        .orderBy("version", "desc")
        .execute();
      return rows.map(toVersion);
    },

    async add(scope, businessUnit, rules, version) {
      requireOwn(scope, businessUnit);
      return db.transaction().execute(async (transaction) => {
        const newest = await transaction
          .selectFrom("mask_rules")
          .selectAll()
          .where("business_unit", "=", businessUnit)
          .orderBy("version", "desc")
          .limit(1)
          .executeTakeFirst();
        const row = {
          business_unit: businessUnit,
          version: version + 1,
          rules: JSON.stringify(rules),
          // It stays, so that what was hidden before is still told apart in the same way.
          salt: newest?.salt ?? randomBytes(16).toString("hex"),
          user_id: scope.userId,
          set_at: clock.nowMs()
        };
        const isNext = Number(newest?.version ?? 0) === version;
        const made = isNext
          ? await transaction
              .insertInto("mask_rules")
              .values(row)
              .onConflict((conflict) => conflict.columns(["business_unit", "version"]).doNothing())
              .returning("version")
              .executeTakeFirst()
          : undefined;
        if (!made) {
          throw new Fault("conflict", `somebody else changed what "${businessUnit}" hides meanwhile`, {
            hint: "Load the page again and make your change in what stands there now."
          });
        }
        const facts = {
          patterns: rules.patterns.length,
          expressions: rules.expressions.length,
          fields: rules.fields.length
        };
        await recordIn(
          transaction,
          scope,
          {
            action: "mask.change",
            object: { kind: "mask", id: businessUnit, version: row.version },
            units: [businessUnit],
            facts,
            before: newest ? (JSON.parse(newest.rules) as never) : null,
            after: { ...rules } as never,
            diff: { before: newest ? (JSON.parse(newest.rules) as never) : null, after: { ...rules } as never }
          },
          clock
        );
        return toVersion(row);
      });
    },

    async inForce(businessUnits) {
      if (businessUnits.length === 0) return [];
      const rows = await db
        .selectFrom("mask_rules as m")
        .selectAll()
        .where("m.business_unit", "in", businessUnits)
        .where(({ eb, selectFrom }) =>
          eb(
            "m.version",
            "=",
            selectFrom("mask_rules as n")
              .select(({ fn }) => fn.max("n.version").as("version"))
              .whereRef("n.business_unit", "=", "m.business_unit")
          )
        )
        .orderBy("m.business_unit")
        .execute();
      return rows.map((row) => ({ ...toVersion(row), salt: row.salt }));
    }
  };
}

function requireOwn({ businessUnits }: Scope, businessUnit: string): void {
  if (businessUnits.includes(businessUnit)) return;
  throw new Fault(
    "missing",
    `there is no business unit "${businessUnit.slice(0, 80)}" whose masking is yours to change`
  );
}

function toVersion(row: Selectable<StateTables["mask_rules"]>): MaskVersion {
  return {
    businessUnit: row.business_unit,
    version: Number(row.version),
    rules: JSON.parse(row.rules) as MaskRules,
    userId: row.user_id,
    setAtMs: Number(row.set_at)
  };
}
