import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * Sessions were kept with their tokens, and copies of the database may hold those: every session ends, and new ones
 * are kept with the digest alone. Tries of passwords are counted here, for every process of the workbench together.
 */
export const signIn: Migration = {
  async up(db: Kysely<{ sign_in_sessions: object; sign_in_verifications: object }>) {
    await db.deleteFrom("sign_in_sessions").execute();
    await db.deleteFrom("sign_in_verifications").execute();
    const { schema } = db;
    await schema
      .createTable("sign_in_attempts")
      .addColumn("key_digest", "text", (column) => column.primaryKey())
      .addColumn("tries", "integer", (column) => column.notNull())
      .addColumn("tried_at", "bigint", (column) => column.notNull())
      .execute();
    await schema.createIndex("sign_in_attempts_by_time").on("sign_in_attempts").column("tried_at").execute();
  }
};
