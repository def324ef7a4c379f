import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Tables of the audit trail. The chain begins at a hash by chance, so that no two workbenches share one. */
export const audit: Migration = {
  async up(db: Kysely<{ audit_head: { head_id: number; seq: number; hash: string; at_ms: number } }>) {
    const { schema } = db;
    await schema
      .createTable("audit_entries")
      .addColumn("seq", "bigint", (column) => column.primaryKey())
      .addColumn("at_ms", "bigint", (column) => column.notNull())
      .addColumn("actor_id", "text", (column) => column.notNull())
      .addColumn("action", "text", (column) => column.notNull())
      .addColumn("outcome", "text", (column) => column.notNull())
      .addColumn("business_units", "text", (column) => column.notNull())
      .addColumn("payload_digest", "text", (column) => column.notNull())
      .addColumn("body", "text", (column) => column.notNull())
      .addColumn("hash", "text", (column) => column.notNull())
      .execute();
    await schema
      .createTable("audit_payloads")
      .addColumn("digest", "text", (column) => column.primaryKey())
      .addColumn("salt", "text", (column) => column.notNull())
      .addColumn("payload", "text", (column) => column.notNull())
      .execute();
    await schema
      .createTable("audit_head")
      .addColumn("head_id", "integer", (column) => column.primaryKey())
      .addColumn("seq", "bigint", (column) => column.notNull())
      .addColumn("hash", "text", (column) => column.notNull())
      .addColumn("at_ms", "bigint", (column) => column.notNull())
      .execute();
    await schema
      .createTable("audit_checkpoints")
      .addColumn("signature", "text", (column) => column.primaryKey())
      .addColumn("seq", "bigint", (column) => column.notNull())
      .addColumn("hash", "text", (column) => column.notNull())
      .addColumn("signed_at", "text", (column) => column.notNull())
      .addColumn("key_id", "text", (column) => column.notNull())
      .execute();
    await schema.createIndex("audit_checkpoints_seq").on("audit_checkpoints").columns(["seq"]).execute();
    await db
      .insertInto("audit_head")
      .values({ head_id: 1, seq: 0, hash: randomBytes(32).toString("hex"), at_ms: 0 })
      .execute();
  }
};
