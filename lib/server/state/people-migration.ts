import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * Tables of people, of what they may do where, and of how they get in. Those whose names begin with `sign_in`, and
 * `people`, are written by better-auth too: it keeps instants as ISO texts and calls every key `id`.
 */
export const people: Migration = {
  async up(db: Kysely<never>) {
    const { schema } = db;
    await schema
      .createTable("people")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("email", "text", (column) => column.notNull().unique())
      .addColumn("email_verified", "integer", (column) => column.notNull())
      .addColumn("image", "text")
      .addColumn("created_at", "text", (column) => column.notNull())
      .addColumn("updated_at", "text", (column) => column.notNull())
      .addColumn("removed_at", "bigint")
      .execute();
    await schema
      .createTable("sign_in_sessions")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("token", "text", (column) => column.notNull().unique())
      .addColumn("method", "text", (column) => column.notNull())
      .addColumn("ip_address", "text")
      .addColumn("user_agent", "text")
      .addColumn("expires_at", "text", (column) => column.notNull())
      .addColumn("created_at", "text", (column) => column.notNull())
      .addColumn("updated_at", "text", (column) => column.notNull())
      .execute();
    await schema.createIndex("sign_in_sessions_by_user").on("sign_in_sessions").column("user_id").execute();
    await schema
      .createTable("sign_in_accounts")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("account_id", "text", (column) => column.notNull())
      .addColumn("provider_id", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("password", "text")
      .addColumn("access_token", "text")
      .addColumn("refresh_token", "text")
      .addColumn("id_token", "text")
      .addColumn("access_token_expires_at", "text")
      .addColumn("refresh_token_expires_at", "text")
      .addColumn("scope", "text")
      .addColumn("created_at", "text", (column) => column.notNull())
      .addColumn("updated_at", "text", (column) => column.notNull())
      .addUniqueConstraint("sign_in_accounts_key", ["provider_id", "account_id"])
      .execute();
    await schema.createIndex("sign_in_accounts_by_user").on("sign_in_accounts").column("user_id").execute();
    await schema
      .createTable("sign_in_verifications")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("identifier", "text", (column) => column.notNull())
      .addColumn("value", "text", (column) => column.notNull())
      .addColumn("expires_at", "text", (column) => column.notNull())
      .addColumn("created_at", "text", (column) => column.notNull())
      .addColumn("updated_at", "text", (column) => column.notNull())
      .execute();
    await schema
      .createIndex("sign_in_verifications_by_identifier")
      .on("sign_in_verifications")
      .column("identifier")
      .execute();
    await schema
      .createTable("memberships")
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("business_unit", "text", (column) => column.notNull())
      .addColumn("role", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("memberships_pk", ["user_id", "business_unit", "role"])
      .execute();
    await schema
      .createTable("units")
      .addColumn("business_unit", "text", (column) => column.primaryKey())
      .addColumn("title", "text", (column) => column.notNull())
      .addColumn("removed_at", "bigint")
      .execute();
    await schema
      .createTable("invitations")
      .addColumn("invitation_id", "text", (column) => column.primaryKey())
      .addColumn("token_digest", "text", (column) => column.notNull().unique())
      .addColumn("email", "text", (column) => column.notNull())
      .addColumn("memberships", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("created_at", "bigint", (column) => column.notNull())
      .addColumn("expires_at", "bigint", (column) => column.notNull())
      .addColumn("ended_at", "bigint")
      .addColumn("accepted_by", "text")
      .execute();
    await schema
      .createTable("reset_links")
      .addColumn("link_id", "text", (column) => column.primaryKey())
      .addColumn("token_digest", "text", (column) => column.notNull().unique())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("made_by", "text", (column) => column.notNull())
      .addColumn("created_at", "bigint", (column) => column.notNull())
      .addColumn("expires_at", "bigint", (column) => column.notNull())
      .addColumn("ended_at", "bigint")
      .execute();
    await schema
      .createTable("api_keys")
      .addColumn("key_id", "text", (column) => column.primaryKey())
      .addColumn("secret_digest", "text", (column) => column.notNull().unique())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("rights", "text", (column) => column.notNull())
      .addColumn("business_units", "text")
      .addColumn("created_at", "bigint", (column) => column.notNull())
      .addColumn("expires_at", "bigint", (column) => column.notNull())
      .addColumn("revoked_at", "bigint")
      .addColumn("last_used_at", "bigint")
      .execute();
    await schema.createIndex("api_keys_by_user").on("api_keys").column("user_id").execute();
  }
};
