import { createHash, randomBytes } from "node:crypto";
import type { Kysely, Selectable } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import type { IngestKey } from "#lib/model/ingest-key.ts";
import { isBusinessUnit, type Scope } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { IngestKeys } from "#lib/ports/ingest-keys.ts";
import { recordIn } from "./audit-rows.ts";
import type { StateTables } from "./schema.ts";

/** Begins every secret, so that a scanner of leaked secrets knows one when it sees it. */
const prefix = "tbk_";

const nameLimit = 80;

/** 256 random bits need no slow hash: there is nothing to guess. */
const digestOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** Ingest keys in the state database. */
export function openIngestKeys(db: Kysely<StateTables>, clock: Clock): IngestKeys {
  const list = async (scope: Scope) => {
    let query = db.selectFrom("ingest_keys").selectAll().orderBy("created_at").orderBy("key_id");
    if (!scope.roles.includes("admin")) query = query.where("business_unit", "in", [...scope.businessUnits, ""]);
    return (await query.execute()).map(toKey);
  };
  const used = new Map<string, number>();
  return {
    async create(scope, { businessUnit, name, spansPerSecond = null }) {
      checkRequest(businessUnit, name, spansPerSecond);
      requireOwnUnit(scope, businessUnit);
      const secret = `${prefix}${randomBytes(32).toString("base64url")}`;
      const row = {
        key_id: clock.newId(),
        secret_digest: digestOf(secret),
        business_unit: businessUnit,
        name: name.trim(),
        spans_per_second: spansPerSecond,
        user_id: scope.userId,
        created_at: clock.nowMs(),
        revoked_at: null
      };
      await db.transaction().execute(async (transaction) => {
        await transaction.insertInto("ingest_keys").values(row).execute();
        const object = { kind: "ingest key", id: row.key_id };
        const entry = { action: "ingest-key.create", object, units: [businessUnit], title: row.name } as const;
        await recordIn(transaction, scope, entry, clock);
      });
      return { key: toKey(row), secret };
    },

    list,

    async revoke(scope, keyId) {
      const key = (await list(scope)).find((candidate) => candidate.keyId === keyId);
      if (!key) throw new Fault("missing", `there is no ingest key ${keyId.slice(0, 80)}`);
      requireOwnUnit(scope, key.businessUnit);
      await db.transaction().execute(async (transaction) => {
        const revoked = await transaction
          .updateTable("ingest_keys")
          .set({ revoked_at: clock.nowMs() })
          .where("key_id", "=", keyId)
          .where("revoked_at", "is", null)
          .returning("name")
          .executeTakeFirst();
        if (!revoked) return;
        const object = { kind: "ingest key", id: keyId };
        const entry = { action: "ingest-key.revoke", object, units: [key.businessUnit], title: revoked.name } as const;
        await recordIn(transaction, scope, entry, clock);
      });
    },

    lastUsedAtMs: (keyId) => used.get(keyId) ?? null,

    async find(secret) {
      if (!secret.startsWith(prefix)) return null;
      const row = await db
        .selectFrom("ingest_keys")
        .selectAll()
        .where("secret_digest", "=", digestOf(secret))
        .where("revoked_at", "is", null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom("units")
                .select("units.business_unit")
                .whereRef("units.business_unit", "=", "ingest_keys.business_unit")
                .where("units.removed_at", "is not", null)
            )
          )
        )
        .executeTakeFirst();
      if (row) used.set(row.key_id, clock.nowMs());
      return row ? toKey(row) : null;
    }
  };
}

function checkRequest(businessUnit: string, name: string, spansPerSecond: number | null): void {
  if (!isBusinessUnit(businessUnit)) {
    throw new Fault("invalid", `"${businessUnit.slice(0, 80)}" cannot be a business unit`, {
      hint: "Use 1 to 63 lower-case letters, digits and dashes."
    });
  }
  if (name.trim() === "" || name.length > nameLimit) {
    throw new Fault("invalid", `an ingest key needs a name of 1 to ${nameLimit} characters`, {
      hint: "Name the service or the team that sends."
    });
  }
  if (spansPerSecond !== null && !(Number.isInteger(spansPerSecond) && spansPerSecond > 0)) {
    throw new Fault("invalid", `${spansPerSecond} is no number of spans per second`, {
      hint: "Give a whole number above 0, or leave it out for no limit."
    });
  }
}

function requireOwnUnit(scope: Scope, businessUnit: string): void {
  if (scope.roles.includes("admin")) return;
  if (scope.businessUnits.includes(businessUnit)) return;
  throw new Fault("denied", `the ingest keys of "${businessUnit}" are not yours to change`);
}

function toKey(row: Selectable<StateTables["ingest_keys"]>): IngestKey {
  return {
    keyId: row.key_id,
    businessUnit: row.business_unit,
    name: row.name,
    spansPerSecond: row.spans_per_second,
    userId: row.user_id,
    createdAtMs: Number(row.created_at),
    revokedAtMs: row.revoked_at === null ? null : Number(row.revoked_at)
  };
}
