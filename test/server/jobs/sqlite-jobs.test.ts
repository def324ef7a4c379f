import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "#lib/server/clock.ts";
import { openSqliteJobs } from "#lib/server/jobs/sqlite-jobs.ts";
import { openState } from "#lib/server/state/state.ts";
import { jobsContract } from "../../contract/jobs.ts";

jobsContract(
  "SQLite",
  async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), "tracebook-state-"));
    const state = await openState({ dataFolder, databaseUrl: null }, systemClock);
    const jobs = openSqliteJobs(state.db, systemClock, { leaseMs: 1500, pollMs: 50, retryMs: 20 });
    return {
      jobs,
      worker: { dataFolder },
      async close() {
        await jobs.close();
        await state.close();
        await rm(dataFolder, { recursive: true, force: true });
      }
    };
  },
  15_000
);
