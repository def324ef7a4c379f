import { createHash } from "node:crypto";
import { type Job as BossJob, PgBoss } from "pg-boss";
import { Fault } from "#lib/model/fault.ts";
import type { Json } from "#lib/model/span.ts";
import type { JobState, Jobs } from "#lib/ports/jobs.ts";

const schema = "tracebook_jobs";

/** A job may run so long in one try. */
const longestSeconds = 12 * 60 * 60;

/** pg-boss takes objects and uuids only; the envelope carries any data and the id as it was given. */
interface Envelope {
  readonly id: string;
  readonly data: Json;
}

const states: Readonly<Record<string, JobState>> = {
  created: "queued",
  retry: "queued",
  active: "running",
  completed: "done",
  failed: "failed",
  cancelled: "cancelled"
};

/**
 * Jobs on pg-boss, for any number of worker processes around one PostgreSQL. A worker that falls silent for
 * ten seconds, the least pg-boss allows, loses its job; finished jobs stay, so that an id is never run again.
 *
 * @param options.report  is told of trouble outside any call
 * @throws Fault `broken` when the database cannot be reached; never with the address, which holds a password
 */
export async function openPgBossJobs(
  databaseUrl: string,
  options: { readonly report?: (error: unknown) => void; readonly pollMs?: number } = {}
): Promise<Jobs> {
  const { report = () => undefined, pollMs = 1000 } = options;
  const boss = new PgBoss({
    connectionString: databaseUrl,
    schema,
    // Each running job holds a connection for its transaction.
    max: 10,
    schedule: false,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1
  });
  boss.on("error", report);
  try {
    await boss.start();
  } catch (error) {
    throw new Fault("broken", "the jobs' database could not be opened", {
      hint: "Check that DATABASE_URL names a PostgreSQL that runs and lets this user make tables.",
      cause: error
    });
  }

  const queues = new Map<string, Promise<void>>();
  const openQueue = (queue: string): Promise<void> => {
    let opened = queues.get(queue);
    if (!opened) {
      opened = boss.createQueue(queue, {
        // One running job per key, kept by a unique index. pg-boss's group concurrency only looks before it
        // takes, so two workers that look at once both take.
        policy: "singleton",
        heartbeatSeconds: 10,
        expireInSeconds: longestSeconds,
        retryDelay: 1,
        retryBackoff: true,
        retryDelayMax: 60,
        retentionSeconds: 300 * 24 * 60 * 60,
        deleteAfterSeconds: 0
      });
      queues.set(queue, opened);
      opened.catch(() => queues.delete(queue));
    }
    return opened;
  };

  const findRow = async (id: string) => {
    const { rows } = await boss
      .getDb()
      .executeSql(
        `select name, state::text as state, retry_count, started_on, output from ${schema}.job where id = $1 limit 1`,
        [toUuid(id)]
      );
    return rows[0] as
      | { name: string; state: string; retry_count: number; started_on: Date | null; output: unknown }
      | undefined;
  };

  const workers = new Set<{ stop(): Promise<void> }>();
  return {
    async enqueue(queue, data, { id, group, startAfterMs, attempts = 3, again = false }) {
      await openQueue(queue);
      const before = await findRow(id);
      if (before) {
        if (!again || !["completed", "failed", "cancelled"].includes(before.state)) return false;
        await boss.deleteJob(before.name, toUuid(id));
      }
      const envelope: Envelope = { id, data };
      const made = await boss.send(queue, envelope, {
        id: toUuid(id),
        retryLimit: attempts - 1,
        singletonKey: group === undefined ? `id ${id}` : `group ${group}`,
        ...(startAfterMs === undefined ? {} : { startAfter: new Date(startAfterMs) })
      });
      return made !== null;
    },

    async work(queue, handler, { concurrency = 1 } = {}) {
      await openQueue(queue);
      const stopping = new AbortController();
      const workerId = await boss.work(
        queue,
        {
          // The handler's end and the job's are one commit, so a worker that lost its claim cannot end the job.
          transactional: true,
          batchSize: 1,
          localConcurrency: concurrency,
          heartbeatRefreshSeconds: 2,
          pollingIntervalSeconds: Math.max(0.5, pollMs / 1000)
        } as const,
        async ([job]: readonly BossJob<Envelope>[]) => {
          if (!job) return;
          const { id, data } = job.data;
          const signal = AbortSignal.any([job.signal, stopping.signal]);
          await handler({ id, queue, data, attempt: job.retryCount + 1, signal });
        }
      );
      const worker = {
        async stop() {
          if (!workers.delete(worker)) return;
          stopping.abort(new Error("the worker stops"));
          await boss.offWork(queue, { id: workerId, wait: true });
        }
      };
      workers.add(worker);
      return worker;
    },

    async cancel(id) {
      const row = await findRow(id);
      if (row) await boss.cancel(row.name, toUuid(id));
    },

    async find(id) {
      const row = await findRow(id);
      if (!row) return undefined;
      return {
        state: states[row.state] ?? "queued",
        attempt: row.retry_count + (row.started_on ? 1 : 0),
        message: messageOf(row.output)
      };
    },

    async close() {
      await Promise.all([...workers].map((worker) => worker.stop()));
      await boss.stop({ graceful: true, timeout: 5000 });
    }
  };
}

/** A uuid v8 (RFC 9562, section 5.8) that is the same for the same id. */
function toUuid(id: string): string {
  const hex = createHash("sha256").update(id).digest("hex");
  const variant = "89ab"[Number.parseInt(hex[16] ?? "0", 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function messageOf(output: unknown): string | null {
  if (typeof output !== "object" || output === null) return null;
  const fields = output as Readonly<Record<string, unknown>>;
  const message = fields["message"] ?? fields["value"];
  return typeof message === "string" ? message : null;
}
