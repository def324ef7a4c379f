import type { Kysely } from "kysely";
import { forgottenMs, triedTooOften, triedUnder, tryAgain, waitMs } from "#lib/model/sign-in-tries.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { SignInAttempts } from "#lib/ports/sign-in-attempts.ts";
import { digestOf, type Writer } from "./people-rows.ts";
import type { StateTables } from "./schema.ts";

/** Of accounts and addresses together; the ones that were quiet longest are forgotten first. */
const mostKept = 20_000;

/** What one try sweeps away at most: more than it adds, so that the rows come down to what may be kept. */
const sweptAtOnce = 10;

/** Tries of passwords in the state database. What was typed is kept as its digest: it may be a password itself. */
export function openSignInAttempts(db: Kysely<StateTables>, clock: Clock, most = mostKept): SignInAttempts {
  const attempts = (writer: Kysely<StateTables>) => ({
    /** From here on the row is this transaction's alone. */
    hold: (key: string, nowMs: number) =>
      writer
        .insertInto("sign_in_attempts")
        .values({ key_digest: digestOf(key), tries: 0, tried_at: nowMs })
        .onConflict((conflict) =>
          conflict.column("key_digest").doUpdateSet(({ ref }) => ({ tries: ref("sign_in_attempts.tries") }))
        )
        .returning(["tries", "tried_at"])
        .executeTakeFirstOrThrow(),
    remove: () => writer.deleteFrom("sign_in_attempts"),
    update: (key: string) => writer.updateTable("sign_in_attempts").where("key_digest", "=", digestOf(key))
  });

  const count = async (writer: Writer, email: string, ip: string | null) => {
    const nowMs = clock.nowMs();
    const { hold, update } = attempts(writer);
    const held = [];
    // Always the account before the address, so that no two transactions wait for each other.
    for (const { kind, key } of triedUnder(email, ip)) {
      const row = await hold(key, nowMs);
      held.push({ kind, key, tries: { count: row.tries, atMs: Number(row.tried_at) } });
    }
    const waits = Math.max(...held.map(({ kind, tries }) => waitMs(kind, tries, nowMs)));
    if (waits > 0) throw triedTooOften(waits);
    for (const { key, tries } of held) {
      const next = tryAgain(tries, nowMs);
      await update(key).set({ tries: next.count, tried_at: next.atMs }).execute();
    }
  };

  const sweep = async () => {
    const newest = await db
      .selectFrom("sign_in_attempts")
      .select("tried_at")
      .orderBy("tried_at", "desc")
      .offset(most)
      .limit(1)
      .executeTakeFirst();
    const until = Math.max(clock.nowMs() - forgottenMs, Number(newest?.tried_at ?? 0));
    const old = await db
      .selectFrom("sign_in_attempts")
      .select("key_digest")
      .where("tried_at", "<=", until)
      .orderBy("tried_at")
      .limit(sweptAtOnce)
      .execute();
    // One by one: a statement that holds many rows would wait for a transaction that waits for one of them.
    for (const { key_digest } of old)
      await attempts(db).remove().where("key_digest", "=", key_digest).where("tried_at", "<=", until).execute();
  };

  return {
    async begin(email, ip) {
      await db.transaction().execute((writer) => count(writer, email, ip));
      await sweep();
    },

    async succeed(email, ip) {
      const { remove, update } = attempts(db);
      for (const { kind, key } of triedUnder(email, ip)) {
        if (kind === "address")
          await update(key)
            .set(({ eb }) => ({ tries: eb("tries", "-", 1) }))
            .where("tries", ">", 0)
            .execute();
        else await remove().where("key_digest", "=", digestOf(key)).execute();
      }
    }
  };
}
