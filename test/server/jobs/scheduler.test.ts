import fc from "fast-check";
import { expect, test } from "vitest";
import type { EnqueueOptions, Jobs } from "#lib/ports/jobs.ts";
import type { Schedules, StoredSchedule } from "#lib/ports/schedules.ts";
import { newestDueMs, nextDueMs } from "#lib/server/jobs/cron.ts";
import { enqueueDue, occurrenceId, startScheduler } from "#lib/server/jobs/scheduler.ts";

const berlin = { cron: "30 2 * * *", timezone: "Europe/Berlin" };
const at = (text: string) => Date.parse(text);

function doors(stored: StoredSchedule, now: { ms: number }) {
  let schedule: StoredSchedule | null = stored;
  const enqueued = new Map<string, { data: unknown; options: EnqueueOptions }>();
  const handlers: Parameters<Jobs["work"]>[1][] = [];
  const schedules: Schedules = {
    list: async () => (schedule ? [schedule] : []),
    put: async (_slug, next) => {
      schedule = next && { ...next, slug: stored.slug };
    },
    advance: async (_slug, from, next) => {
      if (schedule?.nextDueMs !== from) return false;
      schedule = { ...schedule, nextDueMs: next };
      return true;
    }
  };
  const jobs: Jobs = {
    enqueue: async (_queue, data, options) => {
      if (enqueued.has(options.id)) return false;
      enqueued.set(options.id, { data, options });
      return true;
    },
    work: async (_queue, handler) => {
      handlers.push(handler);
      return { stop: async () => undefined };
    },
    cancel: async () => undefined,
    find: async () => undefined,
    close: async () => undefined
  };
  const clock = { nowMs: () => now.ms, newId: () => "id" };
  return { schedules, jobs, clock, enqueued, handlers, current: () => schedule };
}

const hourly = (nextDue: string): StoredSchedule => ({
  slug: "weekly",
  cron: "0 * * * *",
  userId: "owner",
  nextDueMs: at(nextDue)
});

test("a due instant follows the wall clock of its time zone", () => {
  const spec = { cron: "0 7 * * 1", timezone: "Europe/Berlin" };
  expect(nextDueMs(spec, at("2026-03-23T07:00:00Z"))).toBe(at("2026-03-30T05:00:00Z"));
  expect(nextDueMs(spec, at("2026-03-16T07:00:00Z"))).toBe(at("2026-03-23T06:00:00Z"));
});

test("an hour that daylight saving repeats is due once, one that it leaves out is due still", () => {
  const list = (from: string, days: number) => {
    const found: string[] = [];
    for (
      let next = nextDueMs(berlin, at(from)), n = 0;
      next !== null && n < days;
      next = nextDueMs(berlin, next), n++
    ) {
      found.push(new Date(next).toISOString().slice(0, 10));
    }
    return found;
  };
  expect(list("2026-03-28T12:00:00Z", 2)).toEqual(["2026-03-29", "2026-03-30"]);
  expect(list("2026-10-24T12:00:00Z", 2)).toEqual(["2026-10-25", "2026-10-26"]);
});

test("a schedule that cannot be read is a fault with the text in it", () => {
  expect(() => nextDueMs({ cron: "every tuesday" }, 0)).toThrow(/every tuesday/);
  expect(() => nextDueMs({ cron: "0 0 * * *", timezone: "Mars/Olympus" }, 0)).toThrow(/Mars/);
});

test("the newest due instant is due, and the next after it is not", () => {
  const crons = ["* * * * *", "*/7 3 * * *", "0 7 * * 1", "15 4 1 * *"];
  fc.assert(
    fc.property(fc.constantFrom(...crons), fc.integer({ min: 0, max: 90 * 86_400 }), (cron, seconds) => {
      const dueMs = nextDueMs({ cron }, at("2026-01-01T00:00:00Z")) ?? 0;
      const nowMs = dueMs + seconds * 1000;
      const newest = newestDueMs({ cron }, dueMs, nowMs);
      expect(newest).toBeGreaterThanOrEqual(dueMs);
      expect(newest).toBeLessThanOrEqual(nowMs);
      expect(nextDueMs({ cron }, newest)).toBeGreaterThan(nowMs);
    }),
    { seed: 7, numRuns: 60 }
  );
});

test("of the occurrences missed only the newest is enqueued, once, under its own instant", async () => {
  const now = { ms: at("2026-05-01T09:30:00Z") };
  const all = doors(hourly("2026-05-01T03:00:00Z"), now);
  const due = at("2026-05-01T09:00:00Z");
  expect(await enqueueDue(all)).toBe(1);
  expect(await enqueueDue(all)).toBe(0);
  expect([...all.enqueued]).toEqual([
    [
      occurrenceId("weekly", due),
      { data: { slug: "weekly", occurrenceMs: due }, options: { id: occurrenceId("weekly", due), group: "weekly" } }
    ]
  ]);
  expect(all.current()?.nextDueMs).toBe(at("2026-05-01T10:00:00Z"));
});

test("two processes that see the same due instant enqueue one occurrence", async () => {
  const all = doors(hourly("2026-05-01T09:00:00Z"), { ms: at("2026-05-01T09:00:01Z") });
  const counts = await Promise.all([enqueueDue(all), enqueueDue(all)]);
  expect(counts.reduce((a, b) => a + b)).toBe(1);
  expect(all.enqueued.size).toBe(1);
});

test("an occurrence that was stopped on the way is not counted as done", async () => {
  const all = doors(hourly("2026-05-01T09:00:00Z"), { ms: at("2026-05-01T09:00:01Z") });
  const scheduler = await startScheduler(all, async () => "stopped", { report: () => undefined });
  await scheduler.stop();
  const job = { id: "a", queue: "q", data: null, attempt: 1 };
  await all.handlers[0]?.({ ...job, signal: new AbortController().signal });
  await expect(all.handlers[0]?.({ ...job, signal: AbortSignal.abort(new Error("stops")) })).rejects.toThrow("stops");
  expect(all.enqueued.size).toBe(1);
});
