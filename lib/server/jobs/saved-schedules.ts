import type { ScheduleSpec } from "#lib/model/cell.ts";
import { isFault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Schedules } from "#lib/ports/schedules.ts";
import type { Workbooks } from "#lib/ports/workbooks.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";
import { nextDueMs } from "./cron.ts";

/** What is kept in step with what. */
export interface SavedScheduleDoors {
  readonly workbooks: Workbooks;
  readonly schedules: Schedules;
  readonly clock: Clock;
  scope(): Promise<Scope>;
}

/**
 * Brings the schedules in step with the saved texts: a new or changed one counts from now, one that was
 * taken out of its text, or whose workbook is gone, is removed. A text that cannot be read has none.
 *
 * @param seen  revisions looked at before, by slug; changed by the call
 */
export async function syncSchedules(
  { workbooks, schedules, clock, scope }: SavedScheduleDoors,
  seen: Map<string, number>
): Promise<void> {
  const owner = await scope();
  const stored = await workbooks.list(owner);
  for (const { slug, revision, userId } of stored) {
    if (seen.get(slug) === revision) continue;
    const workbook = await workbooks.find(owner, slug);
    if (!workbook) continue;
    const schedule = readSchedule(workbook.text, clock.nowMs());
    await schedules.put(slug, schedule && { ...schedule, userId });
    seen.set(slug, revision);
  }
  const present = new Set(stored.map(({ slug }) => slug));
  for (const { slug } of await schedules.list()) if (!present.has(slug)) await schedules.put(slug, null);
}

function readSchedule(text: string, nowMs: number): (ScheduleSpec & { readonly nextDueMs: number }) | null {
  try {
    const { schedule } = parseWorkbook(text);
    const next = schedule && nextDueMs(schedule, nowMs);
    return schedule && next !== null ? { ...schedule, nextDueMs: next } : null;
  } catch (error) {
    if (isFault(error)) return null;
    throw error;
  }
}
