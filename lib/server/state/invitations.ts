import type { Kysely, Selectable } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import { administersAll, checkGrant, isWithin } from "#lib/model/grant.ts";
import { type Invitation, type Person, parseEmail } from "#lib/model/person.ts";
import type { Membership } from "#lib/model/rights.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Invitations } from "#lib/ports/invitations.ts";
import { digestOf, insertMemberships, insertPerson, newSecret, readPeople, type Writer } from "./people-rows.ts";
import type { StateTables } from "./schema.ts";

const daysMs = 86_400_000;
const lastsMs = 7 * daysMs;
const mostWaiting = 1000;

/** Invitations in the state database; of a link its digest alone. */
export function openInvitations(db: Kysely<StateTables>, clock: Clock): Invitations {
  const waiting = () =>
    db
      .selectFrom("invitations")
      .selectAll()
      .where("ended_at", "is", null)
      .where("expires_at", ">", clock.nowMs())
      .orderBy("created_at", "desc")
      .orderBy("invitation_id", "desc");

  const list: Invitations["list"] = async (scope) =>
    (await waiting().execute())
      .map(toInvitation)
      .filter(
        ({ memberships }) =>
          administersAll(scope) ||
          (memberships.length > 0 && memberships.every((membership) => isWithin(scope, membership)))
      );

  /** Ends an invitation that waits. @returns the one that was ended, by nobody else */
  const end = async (writer: Kysely<StateTables>, invitationId: string, acceptedBy: string | null) =>
    writer
      .updateTable("invitations")
      .set({ ended_at: clock.nowMs(), accepted_by: acceptedBy })
      .where("invitation_id", "=", invitationId)
      .where("ended_at", "is", null)
      .where("expires_at", ">", clock.nowMs())
      .returningAll()
      .executeTakeFirst();

  const find = async (token: string): Promise<Invitation> => {
    const row = await waiting().where("token_digest", "=", digestOf(token)).executeTakeFirst();
    if (!row) throw over();
    return toInvitation(row);
  };

  const use = async (writer: Writer, invitationId: string, userId: string): Promise<Person> => {
    const ended = await end(writer, invitationId, userId);
    if (!ended) throw over();
    const { memberships } = toInvitation(ended);
    if (memberships.length > 0) await insertMemberships(writer, userId, memberships);
    const person = (await readPeople(writer, [userId])).get(userId);
    if (!person) throw over();
    return person;
  };

  return {
    list,
    find,

    async create(scope, { email, memberships }) {
      const granted = checkGrant(scope, memberships);
      if (granted.length === 0) throw new Fault("invalid", "an invitation needs a role in at least one business unit");
      const count = await db
        .selectFrom("invitations")
        .select((select) => select.fn.countAll().as("n"))
        .where("ended_at", "is", null)
        .where("expires_at", ">", clock.nowMs())
        .executeTakeFirstOrThrow();
      if (Number(count.n) >= mostWaiting)
        throw new Fault("limit", `${mostWaiting} invitations wait already`, { hint: "Take some of them back." });
      const token = newSecret();
      const row = {
        invitation_id: clock.newId(),
        token_digest: digestOf(token),
        email: parseEmail(email),
        memberships: JSON.stringify(granted),
        user_id: scope.userId,
        created_at: clock.nowMs(),
        expires_at: clock.nowMs() + lastsMs,
        ended_at: null,
        accepted_by: null
      };
      await db.insertInto("invitations").values(row).execute();
      return { made: toInvitation(row), token };
    },

    async revoke(scope, invitationId) {
      const seen = (await list(scope)).some((invitation) => invitation.invitationId === invitationId);
      if (!seen || !(await end(db, invitationId, null))) throw over();
    },

    async findFor(email) {
      const row = await waiting().where("email", "=", email.trim().toLowerCase()).executeTakeFirst();
      return row && toInvitation(row);
    },

    async accept(token, { name, passwordHash }) {
      const { invitationId, email } = await find(token);
      return db.transaction().execute(async (writer) => {
        const userId = clock.newId();
        await insertPerson(writer, clock, userId, { email, name, passwordHash }, []);
        return use(writer, invitationId, userId);
      });
    },

    acceptAs: (invitationId, userId) => db.transaction().execute((writer) => use(writer, invitationId, userId))
  };
}

function over(): Fault {
  return new Fault("missing", "this invitation does not open anything any more", {
    hint: "It was used, taken back or is older than a week. Ask for another."
  });
}

function toInvitation(row: Selectable<StateTables["invitations"]>): Invitation {
  return {
    invitationId: row.invitation_id,
    email: row.email,
    memberships: JSON.parse(row.memberships) as readonly Membership[],
    userId: row.user_id,
    createdAtMs: Number(row.created_at),
    expiresAtMs: Number(row.expires_at)
  };
}
