import { createHash } from "node:crypto";
import { Cron } from "croner";
import type { ScheduleSpec } from "#lib/model/cell.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Json } from "#lib/model/span.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Jobs } from "#lib/ports/jobs.ts";
import type { Schedules } from "#lib/ports/schedules.ts";
import type { Workbooks } from "#lib/ports/workbooks.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";

/** What the scheduler watches and uses. */
export interface SchedulerDoors {
  readonly workbooks: Workbooks;
  readonly schedules: Schedules;
  readonly jobs: Jobs;
  readonly clock: Clock;
  scope(): Promise<Scope>;
}

export const scheduleQueue = "run-workbook";
const tickMs = 2000;

/** First due instant after another, in the schedule's own time zone; null when there is none any more. */
export function nextDueMs({ cron, timezone }: ScheduleSpec, afterMs: number): number | null {
  return new Cron(cron, { timezone: timezone ?? "UTC" }).nextRun(new Date(afterMs))?.getTime() ?? null;
}

/** The newest due instant at or before now, from one that is due. What lies between was missed. */
export function newestDueMs(spec: ScheduleSpec, dueMs: number, nowMs: number): number {
  let newest = dueMs;
  for (let next = nextDueMs(spec, newest); next !== null && next <= nowMs; next = nextDueMs(spec, newest))
    newest = next;
  return newest;
}

/** The same for the same occurrence, wherever it is worked out. */
export function occurrenceId(slug: string, dueMs: number): string {
  return createHash("sha256").update(`${slug}\0${dueMs}`).digest("hex");
}

/**
 * One look at all schedules: brings them in step with the saved workbooks and enqueues what is due.
 *
 * Missed occurrences (nothing was running when they were due): the newest one is run, once, under its own
 * due instant; older ones are not made up for. Overlapping occurrences wait: one run of scheduled
 * workbooks goes at a time in a process, so the later begins when the earlier has ended.
 */
export async function tick(
  { workbooks, schedules, jobs, clock, scope }: SchedulerDoors,
  seen: Map<string, number>
): Promise<void> {
  const owner = await scope();
  const stored = await workbooks.list(owner);
  for (const { slug, revision, userId } of stored) {
    if (seen.get(slug) === revision) continue;
    const workbook = await workbooks.find(owner, slug);
    if (!workbook) continue;
    const spec = readSchedule(workbook.text);
    const next = spec && nextDueMs(spec, clock.nowMs());
    await schedules.put(slug, spec && next !== null ? { ...spec, userId, nextDueMs: next } : null);
    seen.set(slug, revision);
  }
  const present = new Set(stored.map(({ slug }) => slug));
  for (const schedule of await schedules.list()) {
    if (!present.has(schedule.slug)) {
      await schedules.put(schedule.slug, null);
      continue;
    }
    const now = clock.nowMs();
    if (schedule.nextDueMs > now) continue;
    const dueMs = newestDueMs(schedule, schedule.nextDueMs, now);
    // Enqueued before it is advanced: a death in between enqueues the same id again, which changes nothing.
    await jobs.enqueue(
      scheduleQueue,
      { slug: schedule.slug, occurrenceMs: dueMs },
      { id: occurrenceId(schedule.slug, dueMs) }
    );
    const next = nextDueMs(schedule, now);
    if (next === null) await schedules.put(schedule.slug, null);
    else await schedules.advance(schedule.slug, schedule.nextDueMs, next);
  }
}

/** The schedule in a text; none where the text cannot be read: its page shows why. */
function readSchedule(text: string): ScheduleSpec | null {
  try {
    return parseWorkbook(text).schedule;
  } catch (error) {
    console.error(
      "a workbook with a text that cannot be read has no schedule:",
      error instanceof Error ? error.message : error
    );
    return null;
  }
}

/** Looks every two seconds, and works what is due, until stopped. */
export async function startScheduler(
  doors: SchedulerDoors,
  run: (data: Json, signal: AbortSignal) => Promise<unknown>
): Promise<{ stop(): Promise<void> }> {
  const worker = await doors.jobs.work(scheduleQueue, async (job) => {
    await run(job.data, job.signal);
  });
  const seen = new Map<string, number>();
  let looking: Promise<void> = Promise.resolve();
  const look = () => {
    looking = looking
      .then(() => tick(doors, seen))
      .catch((error: unknown) => console.error("the schedules could not be looked at:", error));
  };
  look();
  const timer = setInterval(look, tickMs);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
      await worker.stop();
    }
  };
}
