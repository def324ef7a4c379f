import type { Kysely, Selectable } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import { type ApiKey, parseShortName } from "#lib/model/person.ts";
import { type Right, rights } from "#lib/model/rights.ts";
import { isBusinessUnit, type Scope } from "#lib/model/scope.ts";
import type { ApiKeys } from "#lib/ports/api-keys.ts";
import type { Clock } from "#lib/ports/clock.ts";
import { recordIn } from "./audit-rows.ts";
import { digestOf, newSecret } from "./people-rows.ts";
import type { StateTables } from "./schema.ts";

/** Begins every secret, so that a scanner of leaked secrets knows one when it sees it. */
const prefix = "tb_";

const dayMs = 86_400_000;
const longestDays = 366;
const mostKeys = 100;
/** A use is written down once in so many ms, not at every request. */
const noteEveryMs = 60_000;

/** API keys in the state database; of a secret its digest alone. */
export function openApiKeys(db: Kysely<StateTables>, clock: Clock): ApiKeys {
  return {
    async create(scope, { name, rights: wanted, businessUnits, days }) {
      const { userId } = scope;
      requirePerson(scope);
      check(wanted, businessUnits, days);
      const count = await db
        .selectFrom("api_keys")
        .select((select) => select.fn.countAll().as("n"))
        .where("user_id", "=", userId)
        .where("revoked_at", "is", null)
        .where("expires_at", ">", clock.nowMs())
        .executeTakeFirstOrThrow();
      if (Number(count.n) >= mostKeys)
        throw new Fault("limit", `you have ${mostKeys} keys already`, { hint: "Revoke those that nothing uses." });
      const secret = `${prefix}${newSecret()}`;
      const row = {
        key_id: clock.newId(),
        secret_digest: digestOf(secret),
        user_id: userId,
        name: parseShortName(name, "the name of a key"),
        rights: JSON.stringify(rights.filter((right) => wanted.includes(right))),
        business_units: businessUnits && JSON.stringify([...new Set(businessUnits)].sort()),
        created_at: clock.nowMs(),
        expires_at: clock.nowMs() + days * dayMs,
        revoked_at: null,
        last_used_at: null
      };
      const key = toKey(row);
      await db.transaction().execute(async (writer) => {
        await writer.insertInto("api_keys").values(row).execute();
        const object = { kind: "api-key", id: key.keyId };
        const after = { rights: key.rights, businessUnits: key.businessUnits, expiresAtMs: key.expiresAtMs };
        const entry = { action: "api-key.create", object, units: key.businessUnits ?? [] } as const;
        await recordIn(writer, scope, { ...entry, title: key.name, after }, clock);
      });
      return { key, secret };
    },

    async list(userId) {
      const rows = await db
        .selectFrom("api_keys")
        .selectAll()
        .where("user_id", "=", userId)
        .orderBy("created_at", "desc")
        .orderBy("key_id", "desc")
        .execute();
      return rows.map(toKey);
    },

    async revoke(scope, keyId) {
      requirePerson(scope);
      await db.transaction().execute(async (writer) => {
        const owned = writer.updateTable("api_keys").where("user_id", "=", scope.userId).where("key_id", "=", keyId);
        const revoked = await owned
          .set((set) => ({ revoked_at: set.fn.coalesce("revoked_at", set.val(clock.nowMs())) }))
          .returning("key_id")
          .executeTakeFirst();
        if (!revoked) throw new Fault("missing", `you have no key ${keyId.slice(0, 80)}`);
        const entry = { action: "api-key.revoke", object: { kind: "api-key", id: keyId }, units: [] } as const;
        await recordIn(writer, scope, entry, clock);
      });
    },

    async find(secret) {
      if (!secret.startsWith(prefix)) return null;
      const atMs = clock.nowMs();
      const row = await db
        .selectFrom("api_keys")
        .selectAll()
        .where("secret_digest", "=", digestOf(secret))
        .where("revoked_at", "is", null)
        .where("expires_at", ">", atMs)
        .executeTakeFirst();
      if (!row) return null;
      if (Math.abs(atMs - Number(row.last_used_at ?? 0)) >= noteEveryMs)
        await db.updateTable("api_keys").set({ last_used_at: atMs }).where("key_id", "=", row.key_id).execute();
      return toKey(row);
    }
  };
}

/** A key could otherwise make itself one that does more and lasts longer, or end the others. */
function requirePerson({ via }: Scope): void {
  if (via?.kind === "key")
    throw new Fault("denied", "a key makes and ends no keys", { hint: "Sign in and do it there." });
}

function check(wanted: readonly Right[], businessUnits: readonly string[] | null, days: number): void {
  if (wanted.length === 0)
    throw new Fault("invalid", "a key that may do nothing is of no use", { hint: "Choose what it may do." });
  if (businessUnits?.length === 0)
    throw new Fault("invalid", "a key for no business unit is of no use", { hint: "Choose one, or all of yours." });
  const wrong = businessUnits?.find((unit) => !isBusinessUnit(unit));
  if (wrong !== undefined) throw new Fault("invalid", `"${wrong.slice(0, 80)}" cannot be a business unit`);
  if (!Number.isInteger(days) || days < 1 || days > longestDays)
    throw new Fault("invalid", `${days} is no number of days that a key may last`, {
      hint: `Give a whole number from 1 to ${longestDays}.`
    });
}

function toKey(row: Selectable<StateTables["api_keys"]>): ApiKey {
  return {
    keyId: row.key_id,
    userId: row.user_id,
    name: row.name,
    rights: JSON.parse(row.rights) as readonly Right[],
    businessUnits: row.business_units === null ? null : (JSON.parse(row.business_units) as readonly string[]),
    createdAtMs: Number(row.created_at),
    expiresAtMs: Number(row.expires_at),
    revokedAtMs: row.revoked_at === null ? null : Number(row.revoked_at),
    lastUsedAtMs: row.last_used_at === null ? null : Number(row.last_used_at)
  };
}
