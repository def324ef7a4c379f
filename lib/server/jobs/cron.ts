import { Cron } from "croner";
import type { ScheduleSpec } from "#lib/model/cell.ts";
import { Fault } from "#lib/model/fault.ts";

/**
 * The first due instant after another, in ms since 1970 UTC; null when there is none ever again.
 * A wall time that daylight saving leaves out is due right after the gap, one that it repeats is due once.
 *
 * @throws Fault `invalid` for a cron expression or a time zone that does not exist
 */
export function nextDueMs(spec: ScheduleSpec, afterMs: number): number | null {
  try {
    const cron = new Cron(spec.cron, { paused: true, timezone: spec.timezone ?? "UTC" });
    return cron.nextRun(new Date(afterMs))?.getTime() ?? null;
  } catch (error) {
    throw new Fault("invalid", `the schedule "${spec.cron}" in ${spec.timezone ?? "UTC"} cannot be read`, {
      hint: 'Use five cron fields such as "0 7 * * 1" and a time zone such as Europe/Berlin.',
      cause: error
    });
  }
}

/**
 * The newest due instant that is not after `nowMs`, given one that is due already.
 *
 * @param dueMs  a due instant, not after `nowMs`
 */
export function newestDueMs(spec: ScheduleSpec, dueMs: number, nowMs: number): number {
  // Weeks of a schedule by the minute are tens of thousands of instants: look back from now in
  // doubling steps, so that only the last stretch is walked.
  let newest = dueMs;
  for (let backMs = 60_000; nowMs - backMs > dueMs; backMs *= 2) {
    const found = nextDueMs(spec, nowMs - backMs);
    if (found !== null && found <= nowMs) {
      newest = found;
      break;
    }
  }
  for (;;) {
    const next = nextDueMs(spec, newest);
    if (next === null || next > nowMs) return newest;
    newest = next;
  }
}
