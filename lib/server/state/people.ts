import type { Kysely } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import { administersAll, checkGrant, isWithin } from "#lib/model/grant.ts";
import type { Person } from "#lib/model/person.ts";
import { everyUnit, type Membership } from "#lib/model/rights.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { NewPerson, People } from "#lib/ports/people.ts";
import { recordIn } from "./audit-rows.ts";
import {
  holdAdmins,
  insertMemberships,
  insertPerson,
  ownerId,
  readPeople,
  requireAdmin,
  type Writer
} from "./people-rows.ts";
import type { StateTables } from "./schema.ts";

const adminOfAll: Membership = { businessUnit: everyUnit, role: "admin" };

/** People and their memberships in the state database. */
export function openPeople(db: Kysely<StateTables>, clock: Clock): People {
  const hasAny = async (reader: Kysely<StateTables> = db) =>
    (await reader.selectFrom("people").select("id").limit(1).executeTakeFirst()) !== undefined;

  /** Somebody as the scope sees them. */
  const require = async (reader: Kysely<StateTables>, scope: Scope, userId: string): Promise<Person> => {
    const person = (await readPeople(reader, [userId])).get(userId);
    const seen = person && narrow(scope, person);
    if (seen) return seen;
    throw new Fault("missing", `there is no person ${userId.slice(0, 80)}`);
  };

  const change = <T>(work: (writer: Writer) => Promise<T>) =>
    db.transaction().execute(async (writer) => {
      await holdAdmins(writer);
      return work(writer);
    });

  const create = async (writer: Writer, scope: Scope, userId: string, person: NewPerson) => {
    const made = await insertPerson(writer, clock, userId, person, [adminOfAll]);
    const entry = { action: "person.create", object: { kind: "person", id: userId }, units: [] } as const;
    await recordIn(writer, scope, { ...entry, title: made.name, after: [grantOf(adminOfAll)] }, clock);
    return made;
  };

  return {
    hasAny,

    createFirst: (scope, person) =>
      change(async (writer) => {
        if (await hasAny(writer))
          throw new Fault("conflict", "the first account has been made already", { hint: "Sign in with it." });
        return create(writer, { ...scope, userId: ownerId }, ownerId, person);
      }),

    async createAdmin(scope, person) {
      requireAll(scope);
      return change(async (writer) => create(writer, scope, (await hasAny(writer)) ? clock.newId() : ownerId, person));
    },

    find: async (userId) => (await readPeople(db, [userId])).get(userId),

    async findByEmail(email) {
      const row = await db
        .selectFrom("people")
        .select("id")
        .where("email", "=", email.trim().toLowerCase())
        .executeTakeFirst();
      return row && (await readPeople(db, [row.id])).get(row.id);
    },

    async list(scope) {
      const people = [...(await readPeople(db)).values()];
      return people.flatMap((person) => narrow(scope, person) ?? []);
    },

    setMemberships: (scope, userId, memberships) =>
      change(async (writer) => {
        const before = await require(writer, scope, userId);
        const held = new Set(before.memberships.map(keyOf));
        const wanted = new Set(memberships.map(keyOf));
        const given = checkGrant(
          scope,
          memberships.filter((membership) => !held.has(keyOf(membership)))
        );
        // What a scope may not give it may not take either.
        const taken = checkGrant(
          scope,
          before.memberships.filter((membership) => !wanted.has(keyOf(membership)))
        );
        for (const { businessUnit, role } of taken)
          await writer
            .deleteFrom("memberships")
            .where("user_id", "=", userId)
            .where("business_unit", "=", businessUnit)
            .where("role", "=", role)
            .execute();
        if (given.length > 0) await insertMemberships(writer, userId, given);
        await requireAdmin(writer, before.name);
        const after = (await readPeople(writer, [userId])).get(userId) ?? before;
        await recordIn(
          writer,
          scope,
          {
            action: given.length > 0 ? "membership.grant" : "membership.revoke",
            object: { kind: "person", id: userId },
            units: [...given, ...taken].flatMap((one) => (one.businessUnit === everyUnit ? [] : one.businessUnit)),
            title: before.name,
            diff: { given: given.map(grantOf), taken: taken.map(grantOf) },
            before: before.memberships.map(grantOf),
            after: after.memberships.map(grantOf)
          },
          clock
        );
        return { ...after, memberships: after.memberships.filter((membership) => isWithin(scope, membership)) };
      }),

    async remove(scope, userId) {
      requireAll(scope);
      await change(async (writer) => {
        const { name } = await require(writer, scope, userId);
        const atMs = clock.nowMs();
        await writer.deleteFrom("memberships").where("user_id", "=", userId).execute();
        await requireAdmin(writer, name);
        for (const table of ["sign_in_sessions", "sign_in_accounts"] as const)
          await writer.deleteFrom(table).where("user_id", "=", userId).execute();
        for (const table of ["reset_links", "api_keys"] as const)
          await writer.deleteFrom(table).where("user_id", "=", userId).execute();
        // The address is free again, for them or for somebody else.
        await writer
          .updateTable("people")
          .set({ removed_at: atMs, email: `${userId}@removed.invalid`, email_verified: 0 })
          .where("id", "=", userId)
          .execute();
        const entry = { action: "person.remove", object: { kind: "person", id: userId }, units: [] } as const;
        await recordIn(writer, scope, { ...entry, title: name }, clock);
      });
    },

    async namesOf(userIds, within) {
      if (userIds.length === 0) return new Map();
      let named = db
        .selectFrom("people")
        .select(["id", "name"])
        .where("id", "in", [...userIds]);
      if (within)
        named = named.where("id", "in", ({ selectFrom }) =>
          selectFrom("memberships")
            .select("user_id")
            .where("business_unit", "in", [...within.businessUnits, everyUnit])
        );
      const rows = await named.execute();
      return new Map(rows.map(({ id, name }) => [id, name]));
    }
  };
}

function requireAll(scope: Scope): void {
  if (administersAll(scope)) return;
  throw new Fault("denied", "accounts are made and ended by who administers every unit");
}

const keyOf = ({ businessUnit, role }: Membership): string => `${businessUnit} ${role}`;
const grantOf = ({ businessUnit, role }: Membership): string => `${businessUnit}:${role}`;

/** A person with the memberships that a scope sees; undefined where it sees none of them. */
function narrow(scope: Scope, person: Person): Person | undefined {
  if (administersAll(scope)) return person;
  const memberships = person.memberships.filter((membership) => isWithin(scope, membership));
  return memberships.length > 0 ? { ...person, memberships } : undefined;
}
