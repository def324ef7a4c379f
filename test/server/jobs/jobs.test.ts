import { describe, expect, onTestFinished, test, vi } from "vitest";
import { systemClock } from "#lib/server/clock.ts";
import { openJobs } from "#lib/server/jobs/jobs.ts";
import type { State } from "#lib/server/state/state.ts";
import { startPostgres } from "../../postgres.ts";

const postgres = await startPostgres();

/** The SQLite of a state that has a PostgreSQL is never touched. */
const unusedState = {} as Pick<State, "db">;

describe.skipIf(!postgres)("jobs of a state on PostgreSQL", () => {
  test("are kept there, and trouble outside any call is told to the log", async () => {
    if (!postgres) throw new Error("unreachable: skipped without a PostgreSQL");
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    onTestFinished(() => log.mockRestore());
    const jobs = await openJobs({ databaseUrl: postgres.url }, unusedState, systemClock);
    expect(await jobs.enqueue("later", { n: 1 }, { id: "one" })).toBe(true);
    await jobs.close();
    const again = await openJobs({ databaseUrl: postgres.url }, unusedState, systemClock);
    expect(await again.enqueue("later", { n: 2 }, { id: "one" })).toBe(false);
    await postgres.stop();
    await vi.waitFor(() => expect(log).toHaveBeenCalledWith("the job queue reports:", expect.anything()), 20_000);
    await again.close().catch(() => undefined);
  });
});
