import type { Kysely, Selectable } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import { administersAll, checkGrant, isWithin } from "#lib/model/grant.ts";
import { type Invitation, type Person, parseEmail } from "#lib/model/person.ts";
import { everyUnit, type Membership } from "#lib/model/rights.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Invitations } from "#lib/ports/invitations.ts";
import { recordIn } from "./audit-rows.ts";
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

  const note = (
    writer: Writer,
    scope: Scope,
    action: "person.invite" | "person.uninvite" | "membership.grant",
    { invitationId, memberships }: Invitation
  ) =>
    recordIn(
      writer,
      scope,
      {
        ...{ action, object: { kind: "invitation", id: invitationId } },
        units: memberships.flatMap(({ businessUnit }) => (businessUnit === everyUnit ? [] : businessUnit)),
        after: memberships.map(({ businessUnit, role }) => `${businessUnit}:${role}`)
      },
      clock
    );

  const use = async (writer: Writer, scope: Scope, invitationId: string): Promise<Person> => {
    const { userId } = scope;
    const ended = await end(writer, invitationId, userId);
    if (!ended) throw over();
    const invitation = toInvitation(ended);
    const { memberships } = invitation;
    if (memberships.length > 0) await insertMemberships(writer, userId, memberships);
    const person = (await readPeople(writer, [userId])).get(userId);
    if (!person) throw over();
    await note(writer, scope, "membership.grant", invitation);
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
      const made = toInvitation(row);
      await db.transaction().execute(async (writer) => {
        await writer.insertInto("invitations").values(row).execute();
        await note(writer, scope, "person.invite", made);
      });
      return { made, token };
    },

    async revoke(scope, invitationId) {
      const seen = (await list(scope)).find((invitation) => invitation.invitationId === invitationId);
      await db.transaction().execute(async (writer) => {
        if (!seen || !(await end(writer, invitationId, null))) throw over();
        await note(writer, scope, "person.uninvite", seen);
      });
    },

    async findFor(email) {
      const row = await waiting().where("email", "=", email.trim().toLowerCase()).executeTakeFirst();
      return row && toInvitation(row);
    },

    async accept(scope, token, { name, passwordHash }) {
      const { invitationId, email } = await find(token);
      return db.transaction().execute(async (writer) => {
        const userId = clock.newId();
        await insertPerson(writer, clock, userId, { email, name, passwordHash }, []);
        return use(writer, { ...scope, userId }, invitationId);
      });
    },

    acceptAs: (scope, invitationId) => db.transaction().execute((writer) => use(writer, scope, invitationId))
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
