import type { Kysely } from "kysely";
import type { Json } from "#lib/model/span.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { StateTables } from "../state/schema.ts";

/** A job that is ours for a while. */
export interface Lease {
  readonly id: string;
  readonly queue: string;
  readonly data: Json;
  /** From 1. */
  readonly attempt: number;
  readonly attempts: number;
  /** Names this one claim; nobody else's change of the job goes through meanwhile. */
  readonly owner: string;
  readonly leaseUntilMs: number;
}

/**
 * Takes the job of a queue that is due longest, or one whose owner fell silent. A silent owner's last try
 * ends the job as failed.
 */
export async function claimJob(
  db: Kysely<StateTables>,
  clock: Clock,
  queue: string,
  leaseMs: number
): Promise<Lease | undefined> {
  // Looking costs no write lock, so an idle worker never holds up the others.
  while (await findDue(db, queue, clock.nowMs())) {
    const claimed = await db.transaction().execute(async (transaction) => {
      const nowMs = clock.nowMs();
      const due = await findDue(transaction, queue, nowMs);
      if (!due) return "none" as const;
      const isDead = due.state === "running" && due.attempt >= due.attempts;
      const owner = clock.newId();
      const leaseUntilMs = nowMs + leaseMs;
      let update = transaction
        .updateTable("jobs")
        .where("job_id", "=", due.job_id)
        .where("state", "=", due.state)
        .where("attempt", "=", due.attempt)
        .returning("job_id");
      update = due.owner === null ? update.where("owner", "is", null) : update.where("owner", "=", due.owner);
      const moved = await update
        .set(
          isDead
            ? { state: "failed", owner: null, lease_until: null, message: "its worker died on the last try" }
            : { state: "running", owner, lease_until: leaseUntilMs, attempt: due.attempt + 1 }
        )
        .executeTakeFirst();
      if (!moved || isDead) return "again" as const;
      return {
        id: due.job_id,
        queue,
        data: JSON.parse(due.data) as Json,
        attempt: due.attempt + 1,
        attempts: due.attempts,
        owner,
        leaseUntilMs
      };
    });
    if (claimed === "none") return undefined;
    if (claimed !== "again") return claimed;
  }
  return undefined;
}

function findDue(db: Kysely<StateTables>, queue: string, nowMs: number) {
  return db
    .selectFrom("jobs as job")
    .selectAll("job")
    .where("job.queue", "=", queue)
    .where(({ eb, or, and }) =>
      or([
        and([eb("job.state", "=", "queued"), eb("job.start_after", "<=", nowMs)]),
        and([eb("job.state", "=", "running"), eb("job.lease_until", "<=", nowMs)])
      ])
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("jobs as other")
            .select("other.job_id")
            .whereRef("other.queue", "=", "job.queue")
            .whereRef("other.job_group", "=", "job.job_group")
            .whereRef("other.job_id", "<>", "job.job_id")
            .where("other.state", "=", "running")
        )
      )
    )
    .orderBy("job.start_after")
    .orderBy("job.created_at")
    .orderBy("job.job_id")
    .limit(1)
    .executeTakeFirst();
}
