import { createHash } from "node:crypto";
import { PgBoss } from "pg-boss";
import { Fault } from "#lib/model/fault.ts";
import type { Json } from "#lib/model/span.ts";
import type { JobState, Jobs } from "#lib/ports/jobs.ts";

/** How pg-boss is timed, in seconds. */
export interface BossTiming {
  /** A job whose worker has not been heard of for this long is tried again. At least 10, says pg-boss. */
  readonly heartbeatSeconds: number;
  readonly pollSeconds: number;
}

const defaultTiming: BossTiming = { heartbeatSeconds: 10, pollSeconds: 1 };
const defaultAttempts = 3;

const stateOf: Readonly<Record<string, JobState>> = {
  created: "queued",
  retry: "queued",
  active: "running",
  completed: "done",
  cancelled: "cancelled",
  failed: "failed"
};

/** pg-boss names jobs by uuid; ours are any text. */
function toUuid(id: string): string {
  const hex = createHash("sha256").update(id).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Jobs on PostgreSQL by pg-boss, for any number of worker processes. */
export async function openPgBossJobs(databaseUrl: string, timing: BossTiming = defaultTiming): Promise<Jobs> {
  const boss = new PgBoss({ connectionString: databaseUrl, schema: "tracebook_jobs", monitorIntervalSeconds: 2 });
  boss.on("error", (error) => console.error("the job queue reports:", error));
  try {
    await boss.start();
  } catch (error) {
    throw new Fault("broken", "the job queue could not be opened on PostgreSQL", {
      cause: error,
      detail: error instanceof Error ? error.message : String(error)
    });
  }
  const queues = new Map<string, Promise<void>>();
  const ensureQueue = (queue: string): Promise<void> => {
    const known =
      queues.get(queue) ??
      boss.createQueue(queue, {
        heartbeatSeconds: timing.heartbeatSeconds,
        retryBackoff: true,
        retryDelay: 1,
        deleteAfterSeconds: 30 * 86_400
      });
    queues.set(queue, known);
    return known;
  };
  const find = async (id: string) => {
    for (const { name } of await boss.getQueues()) {
      const job = await boss.getJobById(name, toUuid(id));
      if (job) return { name, job };
    }
    return undefined;
  };
  return {
    async enqueue(queue, data, { id, startAfterMs, attempts }) {
      await ensureQueue(queue);
      const made = await boss.send(queue, { id, data } as object, {
        id: toUuid(id),
        retryLimit: (attempts ?? defaultAttempts) - 1,
        ...(startAfterMs === undefined ? {} : { startAfter: new Date(startAfterMs) })
      });
      return made !== null;
    },

    async work(queue, handler, { concurrency = 1 } = {}) {
      await ensureQueue(queue);
      const stopping = new AbortController();
      await boss.work<{ id: string; data: Json }>(
        queue,
        {
          localConcurrency: concurrency,
          batchSize: 1,
          pollingIntervalSeconds: timing.pollSeconds,
          includeMetadata: true
        },
        async (jobs) => {
          for (const job of jobs) {
            const signal = AbortSignal.any([job.signal, stopping.signal]);
            await handler({
              id: job.data.id,
              queue,
              data: job.data.data,
              attempt: ((job as { retryCount?: number }).retryCount ?? 0) + 1,
              signal
            });
          }
        }
      );
      return {
        async stop() {
          stopping.abort();
          await boss.offWork(queue, { wait: true });
        }
      };
    },

    async cancel(id) {
      const found = await find(id);
      if (found) await boss.cancel(found.name, found.job.id);
    },

    async find(id) {
      const found = await find(id);
      if (!found) return undefined;
      const { state, output } = found.job;
      const retries = (found.job as { retryCount?: number }).retryCount ?? 0;
      const message =
        state === "failed" || state === "retry"
          ? String((output as { message?: unknown } | null)?.message ?? "it failed")
          : null;
      return { state: stateOf[state] ?? "queued", attempt: state === "created" ? 0 : retries + 1, message };
    },

    close: () => boss.stop({ graceful: true, timeout: 5000 })
  };
}
