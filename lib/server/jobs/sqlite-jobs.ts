import type { Kysely } from "kysely";
import { reportOf } from "#lib/model/fault.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Job, JobState, Jobs } from "#lib/ports/jobs.ts";
import type { StateTables } from "../state/schema.ts";
import { claimJob, type Lease } from "./lease.ts";

/** How the leases are kept. */
export interface LeaseOptions {
  /** A worker that says nothing for so long has lost its job; 10 seconds by default. */
  readonly leaseMs?: number;
  /** Between two looks at an empty queue; 1 second by default. */
  readonly pollMs?: number;
  /** Wait before the second try, doubled before each further one, a minute at most; 1 second by default. */
  readonly retryMs?: number;
  /** Wait for handlers that were told to stop; 5 seconds by default. */
  readonly stopMs?: number;
}

interface Running {
  readonly lease: Lease;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/**
 * Jobs on a table of leases in the state database. An owner renews its lease at a third of its length and
 * is told at once when it lost it; what it does afterwards changes nothing, since every change names the lease.
 * Jobs that are interrupted by a stop do not lose a try.
 */
export function openSqliteJobs(db: Kysely<StateTables>, clock: Clock, options: LeaseOptions = {}): Jobs {
  const { leaseMs = 10_000, pollMs = 1000, retryMs = 1000, stopMs = 5000 } = options;
  const running = new Map<string, Running>();
  const workers = new Map<{ stop(): Promise<void> }, { readonly queue: string; wake(): void }>();

  /** Changes a job only for the owner of its lease; false when that is someone else by now. */
  const settle = async (lease: Lease, change: Partial<StateTables["jobs"]>): Promise<boolean> => {
    const row = await db
      .updateTable("jobs")
      .set(change)
      .where("job_id", "=", lease.id)
      .where("owner", "=", lease.owner)
      .where("state", "=", "running")
      .returning("job_id")
      .executeTakeFirst();
    return row !== undefined;
  };

  const runJob = async (
    lease: Lease,
    stop: AbortController,
    handler: (job: Job) => Promise<void>,
    isStopping: () => boolean
  ) => {
    let leaseUntilMs = lease.leaseUntilMs;
    const beat = setInterval(() => {
      const nextMs = clock.nowMs() + leaseMs;
      settle(lease, { lease_until: nextMs }).then(
        (kept) => {
          if (kept) leaseUntilMs = nextMs;
          else stop.abort(new Error("the job was cancelled, or another worker took it over"));
        },
        (error: unknown) => {
          if (clock.nowMs() >= leaseUntilMs) stop.abort(error);
        }
      );
    }, leaseMs / 3);
    const free = { lease_until: null, owner: null };
    const { id, queue, data, attempt, attempts } = lease;
    try {
      await handler({ id, queue, data, attempt, signal: stop.signal });
      await settle(lease, { ...free, state: "done", message: null });
    } catch (error) {
      const { message } = reportOf(error);
      const nowMs = clock.nowMs();
      if (isStopping()) {
        await settle(lease, { ...free, state: "queued", attempt: attempt - 1, start_after: nowMs, message });
      } else if (attempt >= attempts) {
        await settle(lease, { ...free, state: "failed", message });
      } else {
        const waitMs = Math.min(60_000, retryMs * 2 ** (attempt - 1));
        await settle(lease, { ...free, state: "queued", start_after: nowMs + waitMs, message });
      }
    } finally {
      clearInterval(beat);
    }
  };

  const work: Jobs["work"] = async (queue, handler, { concurrency = 1 } = {}) => {
    const mine = new Set<Running>();
    let stopping = false;
    let pumping: Promise<void> | undefined;
    let again = false;
    const pump = async () => {
      do {
        again = false;
        while (!stopping && mine.size < concurrency) {
          const lease = await claimJob(db, clock, queue, leaseMs);
          if (!lease) break;
          const stop = new AbortController();
          const ended = runJob(lease, stop, handler, () => stopping);
          const entry: Running = { lease, stop, ended };
          mine.add(entry);
          running.set(lease.id, entry);
          if (stopping) stop.abort(new Error("the worker stops"));
          const leave = () => {
            mine.delete(entry);
            if (running.get(lease.id) === entry) running.delete(lease.id);
            wake();
          };
          // A database that cannot be reached leaves the lease to run out; another look is made then.
          ended.then(leave, leave);
        }
      } while (again && !stopping);
    };
    const wake = () => {
      again = true;
      if (stopping || pumping) return;
      const done = () => {
        pumping = undefined;
      };
      pumping = pump().then(done, done);
    };
    const timer = setInterval(wake, pollMs);
    const worker = {
      async stop() {
        stopping = true;
        clearInterval(timer);
        workers.delete(worker);
        await pumping;
        const left = [...mine];
        for (const { stop } of left) stop.abort(new Error("the worker stops"));
        let giveUp: NodeJS.Timeout | undefined;
        const patience = new Promise<void>((resolve) => {
          giveUp = setTimeout(resolve, stopMs);
        });
        await Promise.race([Promise.allSettled(left.map(({ ended }) => ended)), patience]);
        clearTimeout(giveUp);
      }
    };
    workers.set(worker, { queue, wake });
    wake();
    return worker;
  };

  return {
    async enqueue(queue, data, { id, group, startAfterMs, attempts = 3, again = false }) {
      const nowMs = clock.nowMs();
      const job = {
        queue,
        job_group: group ?? null,
        data: JSON.stringify(data),
        state: "queued",
        attempt: 0,
        attempts,
        start_after: startAfterMs ?? nowMs,
        lease_until: null,
        owner: null,
        message: null,
        created_at: nowMs
      };
      const made = await db
        .insertInto("jobs")
        .values({ job_id: id, ...job })
        .onConflict((conflict) =>
          again
            ? conflict.column("job_id").doUpdateSet(job).where("jobs.state", "in", ["done", "failed", "cancelled"])
            : conflict.doNothing()
        )
        .returning("job_id")
        .executeTakeFirst();
      if (made) for (const worker of workers.values()) if (worker.queue === queue) worker.wake();
      return made !== undefined;
    },

    work,

    async cancel(id) {
      await db
        .updateTable("jobs")
        .set({ state: "cancelled", lease_until: null, owner: null })
        .where("job_id", "=", id)
        .where("state", "in", ["queued", "running"])
        .execute();
      running.get(id)?.stop.abort(new Error("the job was cancelled"));
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
      await Promise.all([...workers.keys()].map((worker) => worker.stop()));
    }
  };
}
