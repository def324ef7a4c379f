import { createHash } from "node:crypto";
import type { Json } from "#lib/model/span.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Jobs } from "#lib/ports/jobs.ts";
import type { Schedules } from "#lib/ports/schedules.ts";
import { newestDueMs, nextDueMs } from "./cron.ts";

/** The queue of occurrences; data are `{slug, occurrenceMs}`. */
export const occurrenceQueue = "run-workbook";

/** What the scheduler needs. */
export interface SchedulerDoors {
  readonly schedules: Schedules;
  readonly jobs: Jobs;
  readonly clock: Clock;
}

/** The id of an occurrence: whoever notices it first enqueues it, and no one does again. */
export function occurrenceId(slug: string, dueMs: number): string {
  return createHash("sha256").update(`${slug}\n${dueMs}`).digest("hex");
}

/**
 * Enqueues what is due and moves each schedule on.
 *
 * Missed: after a time in which no process ran, only the newest missed occurrence runs, once, under its own
 * due instant. Overlapping: an occurrence waits until the one before it of the same workbook has ended.
 * A process that dies in between enqueues the same id again, which changes nothing.
 *
 * @returns how many occurrences were enqueued
 */
export async function enqueueDue({ schedules, jobs, clock }: SchedulerDoors): Promise<number> {
  let enqueued = 0;
  for (const schedule of await schedules.list()) {
    const nowMs = clock.nowMs();
    if (schedule.nextDueMs > nowMs) continue;
    const occurrenceMs = newestDueMs(schedule, schedule.nextDueMs, nowMs);
    const fresh = await jobs.enqueue(
      occurrenceQueue,
      { slug: schedule.slug, occurrenceMs },
      { id: occurrenceId(schedule.slug, occurrenceMs), group: schedule.slug }
    );
    if (fresh) enqueued++;
    const next = nextDueMs(schedule, nowMs);
    if (next === null) await schedules.put(schedule.slug, null);
    else await schedules.advance(schedule.slug, schedule.nextDueMs, next);
  }
  return enqueued;
}

/**
 * Looks for due schedules every few seconds and works the occurrences, until stopped.
 *
 * @param run      runs one occurrence; one that ends by its signal is tried again
 * @param options.tickMs       between two looks; 5 seconds by default
 * @param options.concurrency  workbooks that run at once in this process; 1 by default
 * @param options.report       is told of a look that failed; the next one is made all the same
 */
export async function startScheduler(
  doors: SchedulerDoors,
  run: (data: Json, signal: AbortSignal) => Promise<unknown>,
  options: {
    readonly tickMs?: number;
    readonly concurrency?: number;
    readonly report: (error: unknown) => void;
  }
): Promise<{ stop(): Promise<void> }> {
  const worker = await doors.jobs.work(
    occurrenceQueue,
    async ({ data, signal }) => {
      await run(data, signal);
      signal.throwIfAborted();
    },
    { concurrency: options.concurrency ?? 1 }
  );
  let looking: Promise<void> | undefined;
  const look = () => {
    looking ??= enqueueDue(doors)
      .then(() => undefined, options.report)
      .finally(() => {
        looking = undefined;
      });
  };
  look();
  const timer = setInterval(look, options.tickMs ?? 5000);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
      await worker.stop();
    }
  };
}
