// A worker process for the jobs contract: writes what it does to a log, line by line.
import { appendFileSync } from "node:fs";
import { systemClock } from "#lib/server/clock.ts";
import { openPgBossJobs } from "#lib/server/jobs/pg-boss-jobs.ts";
import { openSqliteJobs } from "#lib/server/jobs/sqlite-jobs.ts";
import { openState } from "#lib/server/state/state.ts";

const { databaseUrl, dataFolder, log, name, hangs } = JSON.parse(process.argv[2] ?? "{}");
const jobs = databaseUrl
  ? await openPgBossJobs(databaseUrl, { pollMs: 500 })
  : openSqliteJobs((await openState({ dataFolder, databaseUrl: null }, systemClock)).db, systemClock, {
      leaseMs: 1500,
      pollMs: 50
    });
await jobs.work("contract", async ({ id, attempt }) => {
  appendFileSync(log, `${JSON.stringify({ kind: "start", id, attempt, name, atMs: Date.now() })}\n`);
  await new Promise((resolve) => setTimeout(resolve, hangs ? 600_000 : 40));
  appendFileSync(log, `${JSON.stringify({ kind: "end", id, attempt, name, atMs: Date.now() })}\n`);
});
