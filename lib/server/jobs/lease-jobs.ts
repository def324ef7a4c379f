import { setTimeout as wait } from "node:timers/promises";
import type { Kysely } from "kysely";
import type { Json } from "#lib/model/span.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Job, JobState, Jobs } from "#lib/ports/jobs.ts";
import type { StateTables } from "../state/schema.ts";

/** How leases are timed. */
export interface LeaseTiming {
  /** A job whose owner has not been heard of for this long is given to another. */
  readonly leaseMs: number;
  readonly pollMs: number;
  /** Wait before the second try; doubled for each further one. */
  readonly retryMs: number;
}

const defaultTiming: LeaseTiming = { leaseMs: 10_000, pollMs: 500, retryMs: 1000 };
const defaultAttempts = 3;

/**
 * Jobs as rows with leases in the state database. Whoever moves a row from queued to running owns it, and
 * must renew the lease; a lease that ran out may be taken over. Clocks of the processes must agree to well
 * under the lease.
 */
export function openLeaseJobs(db: Kysely<StateTables>, clock: Clock, timing: LeaseTiming = defaultTiming): Jobs {
  const workers = new Set<{ stop(): Promise<void> }>();

  /** Takes the oldest job that is due, or nothing. */
  const claim = async (queue: string, owner: string) => {
    const now = clock.nowMs();
    const due = await db
      .selectFrom("jobs")
      .select(["job_id", "state", "attempt", "attempts", "owner", "lease_until"])
      .where("queue", "=", queue)
      .where(({ eb, or, and }) =>
        or([
          and([eb("state", "=", "queued"), eb("start_after", "<=", now)]),
          and([eb("state", "=", "running"), eb("lease_until", "<", now)])
        ])
      )
      .orderBy("start_after")
      .orderBy("created_at")
      .limit(8)
      .execute();
    for (const row of due) {
      if (row.state === "running" && row.attempt >= row.attempts) {
        await db
          .updateTable("jobs")
          .set({ state: "failed", owner: null, message: "its process died, and no try is left" })
          .where("job_id", "=", row.job_id)
          .where("state", "=", "running")
          .where("lease_until", "<", now)
          .execute();
        continue;
      }
      let take = db
        .updateTable("jobs")
        .set({ state: "running", owner, attempt: row.attempt + 1, lease_until: now + timing.leaseMs })
        .where("job_id", "=", row.job_id)
        .where("state", "=", row.state)
        .where("attempt", "=", row.attempt);
      if (row.state === "running") take = take.where("lease_until", "<", now);
      const taken = await take.returning(["job_id", "data", "attempt", "attempts"]).executeTakeFirst();
      if (taken) return taken;
    }
    return undefined;
  };

  const renew = async (id: string, owner: string): Promise<boolean> => {
    const kept = await db
      .updateTable("jobs")
      .set({ lease_until: clock.nowMs() + timing.leaseMs })
      .where("job_id", "=", id)
      .where("owner", "=", owner)
      .where("state", "=", "running")
      .returning("job_id")
      .executeTakeFirst();
    return kept !== undefined;
  };

  /** Ends or reschedules a job, unless it was cancelled or taken over meanwhile. */
  const settle = (
    id: string,
    owner: string,
    change: { state: JobState; message: string | null; start_after?: number }
  ) =>
    db
      .updateTable("jobs")
      .set({ ...change, owner: null, lease_until: null })
      .where("job_id", "=", id)
      .where("owner", "=", owner)
      .where("state", "=", "running")
      .execute();

  const runOne = async (
    queue: string,
    owner: string,
    handler: (job: Job) => Promise<void>,
    stopping: AbortSignal
  ): Promise<boolean> => {
    const taken = await claim(queue, owner);
    if (!taken) return false;
    const lost = new AbortController();
    const heartbeat = setInterval(() => {
      renew(taken.job_id, owner).then(
        (kept) => {
          if (!kept) lost.abort();
        },
        (error: unknown) => console.error(`the lease of job ${taken.job_id} could not be renewed:`, error)
      );
    }, timing.leaseMs / 4);
    try {
      const signal = AbortSignal.any([lost.signal, stopping]);
      await handler({ id: taken.job_id, queue, data: JSON.parse(taken.data) as Json, attempt: taken.attempt, signal });
      await settle(taken.job_id, owner, { state: "done", message: null });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // A job that was stopped with its process has not had its try.
      if (stopping.aborted) await settle(taken.job_id, owner, { state: "queued", message });
      else if (taken.attempt >= taken.attempts) await settle(taken.job_id, owner, { state: "failed", message });
      else
        await settle(taken.job_id, owner, {
          state: "queued",
          message,
          start_after: clock.nowMs() + timing.retryMs * 2 ** (taken.attempt - 1)
        });
    } finally {
      clearInterval(heartbeat);
    }
    return true;
  };

  return {
    async enqueue(queue, data, { id, startAfterMs, attempts }) {
      const now = clock.nowMs();
      const made = await db
        .insertInto("jobs")
        .values({
          job_id: id,
          queue,
          data: JSON.stringify(data),
          state: "queued",
          attempt: 0,
          attempts: attempts ?? defaultAttempts,
          start_after: startAfterMs ?? now,
          lease_until: null,
          owner: null,
          message: null,
          created_at: now
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning("job_id")
        .executeTakeFirst();
      return made !== undefined;
    },

    async work(queue, handler, { concurrency = 1 } = {}) {
      const stopping = new AbortController();
      const loop = async () => {
        const owner = clock.newId();
        while (!stopping.signal.aborted) {
          const worked = await runOne(queue, owner, handler, stopping.signal).catch((error: unknown) => {
            console.error(`the queue ${queue} could not be worked:`, error);
            return false;
          });
          if (!worked) await wait(timing.pollMs, undefined, { signal: stopping.signal }).catch(() => undefined);
        }
      };
      const loops = Array.from({ length: concurrency }, loop);
      const worker = {
        async stop() {
          stopping.abort();
          workers.delete(worker);
          await Promise.all(loops);
        }
      };
      workers.add(worker);
      return worker;
    },

    async cancel(id) {
      await db
        .updateTable("jobs")
        .set({ state: "cancelled", owner: null, lease_until: null })
        .where("job_id", "=", id)
        .where("state", "in", ["queued", "running"])
        .execute();
    },

    async find(id) {
      const row = await db
        .selectFrom("jobs")
        .select(["state", "attempt", "message"])
        .where("job_id", "=", id)
        .executeTakeFirst();
      return row && { state: row.state as JobState, attempt: row.attempt, message: row.message };
    },

    async close() {
      await Promise.all([...workers].map((worker) => worker.stop()));
    }
  };
}
