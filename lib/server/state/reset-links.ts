import type { Kysely } from "kysely";
import { Fault } from "#lib/model/fault.ts";
import { administersAll } from "#lib/model/grant.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { ResetLinks } from "#lib/ports/invitations.ts";
import { recordIn } from "./audit-rows.ts";
import { digestOf, newSecret, readPeople, type Writer, writePassword } from "./people-rows.ts";
import type { StateTables } from "./schema.ts";

const lastsMs = 86_400_000;

/** Links that set a password anew, in the state database; of a link its digest alone. */
export function openResetLinks(db: Kysely<StateTables>, clock: Clock): ResetLinks {
  const personOf = async (reader: Kysely<StateTables>, userId: string | undefined) => {
    const person = userId === undefined ? undefined : (await readPeople(reader, [userId])).get(userId);
    if (person) return person;
    throw new Fault("missing", "this link does not open anything any more", {
      hint: "It was used or is older than a day. Ask an administrator for another."
    });
  };
  const note = (writer: Writer, scope: Scope, userId: string, link: string) =>
    recordIn(
      writer,
      scope,
      { action: "password.reset", object: { kind: "person", id: userId }, units: [], facts: { link } },
      clock
    );
  return {
    async create(scope, userId) {
      if (!administersAll(scope))
        throw new Fault("denied", "a link that sets a password is made by who administers every unit");
      const person = (await readPeople(db, [userId])).get(userId);
      if (!person) throw new Fault("missing", `there is no person ${userId.slice(0, 80)}`);
      const token = newSecret();
      const atMs = clock.nowMs();
      await db.transaction().execute(async (writer) => {
        // The last one that was made is the one that opens.
        await writer
          .updateTable("reset_links")
          .set({ ended_at: atMs })
          .where("user_id", "=", userId)
          .where("ended_at", "is", null)
          .execute();
        await writer
          .insertInto("reset_links")
          .values({
            ...{ link_id: clock.newId(), token_digest: digestOf(token), user_id: userId, made_by: scope.userId },
            ...{ created_at: atMs, expires_at: atMs + lastsMs, ended_at: null }
          })
          .execute();
        await note(writer, scope, userId, "made");
      });
      return { made: person, token, expiresAtMs: atMs + lastsMs };
    },

    async find(token) {
      const row = await db
        .selectFrom("reset_links")
        .select("user_id")
        .where("token_digest", "=", digestOf(token))
        .where("ended_at", "is", null)
        .where("expires_at", ">", clock.nowMs())
        .executeTakeFirst();
      return personOf(db, row?.user_id);
    },

    use: (scope, token, passwordHash) =>
      db.transaction().execute(async (writer) => {
        const row = await writer
          .updateTable("reset_links")
          .set({ ended_at: clock.nowMs() })
          .where("token_digest", "=", digestOf(token))
          .where("ended_at", "is", null)
          .where("expires_at", ">", clock.nowMs())
          .returning("user_id")
          .executeTakeFirst();
        const person = await personOf(writer, row?.user_id);
        await writePassword(writer, clock, person.userId, passwordHash);
        await writer.deleteFrom("sign_in_sessions").where("user_id", "=", person.userId).execute();
        await note(writer, { ...scope, userId: person.userId }, person.userId, "used");
        return person;
      })
  };
}
