import { sql } from "kysely";
import { afterAll, describe, expect, test } from "vitest";
import { systemClock } from "#lib/server/clock.ts";
import { openState } from "#lib/server/state/state.ts";
import { stateContract } from "../../contract/state.ts";
import { startPostgres } from "../../postgres.ts";

const postgres = await startPostgres();

let made = 0;

if (postgres) {
  const config = { dataFolder: "", databaseUrl: postgres.url };
  afterAll(() => postgres.stop());
  test("many may open a new state at once", async () => {
    const states = await Promise.all(Array.from({ length: 4 }, () => openState(config, systemClock)));
    expect(await states[0]?.catalog.currentSnapshot()).toBe(0);
    await Promise.all(states.map((state) => state.close()));
  });
  stateContract("PostgreSQL", async () => {
    const state = await openState(config, systemClock);
    await sql`create database fresh${sql.raw(String(++made))}`.execute(state.db);
    const fresh = { dataFolder: "", databaseUrl: postgres.url.replace("/postgres?", `/fresh${made}?`) };
    return { state, config, fresh, close: () => state.close() };
  });
} else {
  describe("state on PostgreSQL", () => {
    test.skip("needs a PostgreSQL", () => undefined);
  });
}
