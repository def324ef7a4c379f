import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What an alert is of: all that there were are of clusters that grow. */
export const verdictAlerts: Migration = {
  async up(db: Kysely<never>) {
    await db.schema
      .alterTable("alerts")
      .addColumn("kind", "text", (column) => column.notNull().defaultTo("emerging"))
      .execute();
  }
};
