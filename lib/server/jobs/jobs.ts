import type { Clock } from "#lib/ports/clock.ts";
import type { Jobs } from "#lib/ports/jobs.ts";
import type { State } from "../state/state.ts";
import { openSqliteJobs } from "./sqlite-jobs.ts";

/** Jobs where the state is: pg-boss on PostgreSQL, leases in SQLite. */
export async function openJobs(
  config: { readonly databaseUrl: string | null },
  state: Pick<State, "db">,
  clock: Clock
): Promise<Jobs> {
  if (!config.databaseUrl) return openSqliteJobs(state.db, clock);
  const { openPgBossJobs } = await import("./pg-boss-jobs.ts");
  return openPgBossJobs(config.databaseUrl, { report: (error) => console.error("the job queue reports:", error) });
}
