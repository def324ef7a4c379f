import { afterAll, describe, test } from "vitest";
import { openPgBossJobs } from "#lib/server/jobs/pg-boss-jobs.ts";
import { jobsContract } from "../../contract/jobs.ts";
import { startPostgres } from "../../postgres.ts";

const postgres = await startPostgres();

if (postgres) {
  afterAll(() => postgres.stop());
  jobsContract(
    "pg-boss",
    async () => {
      const jobs = await openPgBossJobs(postgres.url, { pollMs: 500 });
      return { jobs, worker: { databaseUrl: postgres.url }, close: () => jobs.close() };
    },
    40_000
  );
} else {
  describe("jobs on pg-boss", () => {
    test.skip("need a PostgreSQL", () => undefined);
  });
}
