import { createHash, randomBytes } from "node:crypto";
import type { Kysely, Selectable, Transaction } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import { type Person, parseEmail, parseShortName } from "#lib/model/person.ts";
import { everyUnit, type Membership } from "#lib/model/rights.ts";
import type { Role } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { NewPerson } from "#lib/ports/people.ts";
import type { StateTables } from "./schema.ts";

/** The first account has it, so that what the local owner made stays theirs. */
export const ownerId = "owner";

/** 256 random bits need no slow hash: there is nothing to guess. */
export const digestOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** The secret part of a link or a key. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

/** Who acts for one transaction. */
export type Writer = Transaction<StateTables>;

/** @throws Fault `conflict` where the id or the e-mail address is taken */
export async function insertPerson(
  db: Writer,
  clock: Clock,
  userId: string,
  { email, name, passwordHash }: NewPerson,
  memberships: readonly Membership[]
): Promise<Person> {
  const at = new Date(clock.nowMs()).toISOString();
  const row = {
    ...{ id: userId, email: parseEmail(email), name: parseShortName(name, "the name of a person") },
    ...{ email_verified: 1, image: null, created_at: at, updated_at: at, removed_at: null }
  };
  const made = await db
    .insertInto("people")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  if (!made)
    throw new Fault("conflict", `there is an account of "${row.email}" already`, {
      hint: "Sign in with it, or give the memberships to that account."
    });
  if (passwordHash !== null) await writePassword(db, clock, userId, passwordHash);
  if (memberships.length > 0) await insertMemberships(db, userId, memberships);
  return toPerson(row, memberships);
}

/** Sets or replaces a password. */
export async function writePassword(db: Writer, clock: Clock, userId: string, passwordHash: string): Promise<void> {
  const at = new Date(clock.nowMs()).toISOString();
  const none = {
    ...{ access_token: null, refresh_token: null, id_token: null, scope: null },
    ...{ access_token_expires_at: null, refresh_token_expires_at: null }
  };
  await db
    .insertInto("sign_in_accounts")
    .values({
      ...{ id: clock.newId(), account_id: userId, provider_id: "credential", user_id: userId, password: passwordHash },
      ...{ ...none, created_at: at, updated_at: at }
    })
    .onConflict((conflict) =>
      conflict.columns(["provider_id", "account_id"]).doUpdateSet({ password: passwordHash, updated_at: at })
    )
    .execute();
}

/** Adds memberships; those that stand already stay. */
export async function insertMemberships(db: Writer, userId: string, memberships: readonly Membership[]): Promise<void> {
  await db
    .insertInto("memberships")
    .values(memberships.map(({ businessUnit, role }) => ({ user_id: userId, business_unit: businessUnit, role })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * Makes changes of administrators wait for each other, so that two who demote each other do not both succeed: on
 * PostgreSQL an update holds its rows until the transaction ends, and SQLite lets one write at a time.
 */
export async function holdAdmins(db: Writer): Promise<void> {
  await db
    .updateTable("memberships")
    .set({ role: "admin" })
    .where("business_unit", "=", everyUnit)
    .where("role", "=", "admin")
    .execute();
}

/** @throws Fault `conflict` where nobody administers every unit. Call it at the end of a change. */
export async function requireAdmin(db: Writer, name: string): Promise<void> {
  const left = await db
    .selectFrom("memberships")
    .select("user_id")
    .where("business_unit", "=", everyUnit)
    .where("role", "=", "admin")
    .executeTakeFirst();
  if (left) return;
  throw new Fault("conflict", `${name} is the last administrator of every unit and stays one`, {
    hint: "Make somebody else an administrator of every unit first."
  });
}

/** People who have not been removed, by id. @param userIds  all without it */
export async function readPeople(
  db: Kysely<StateTables>,
  userIds?: readonly string[]
): Promise<ReadonlyMap<string, Person>> {
  if (userIds?.length === 0) return new Map();
  let query = db.selectFrom("people").selectAll().where("removed_at", "is", null);
  let owned = db.selectFrom("memberships").selectAll().orderBy("business_unit").orderBy("role");
  if (userIds) {
    query = query.where("id", "in", [...userIds]);
    owned = owned.where("user_id", "in", [...userIds]);
  }
  const [rows, memberships] = await Promise.all([query.orderBy("name").orderBy("id").execute(), owned.execute()]);
  const byUser = Map.groupBy(memberships, (row) => row.user_id);
  return new Map(
    rows.map((row) => [
      row.id,
      toPerson(
        row,
        (byUser.get(row.id) ?? []).map((held) => ({ businessUnit: held.business_unit, role: held.role as Role }))
      )
    ])
  );
}

function toPerson(
  row: Pick<Selectable<StateTables["people"]>, "id" | "email" | "name" | "created_at">,
  memberships: readonly Membership[]
): Person {
  return {
    userId: row.id,
    email: row.email,
    name: row.name,
    createdAtMs: Date.parse(row.created_at),
    memberships
  };
}
