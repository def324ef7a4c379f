import type { ScheduleSpec } from "../model/cell.ts";

/** The schedule of a saved workbook. */
export interface StoredSchedule extends ScheduleSpec {
  readonly slug: string;
  /** Who saved the text last; the run has their rights. */
  readonly userId: string;
  /** Next due instant that has not been enqueued, ms since 1970 UTC. */
  readonly nextDueMs: number;
}

/** When workbooks recur; kept in step with their saved text. */
export interface Schedules {
  list(): Promise<readonly StoredSchedule[]>;
  /** Sets or, with null, removes the schedule of a workbook. An unchanged schedule keeps its next due instant. */
  put(
    slug: string,
    schedule: (ScheduleSpec & { readonly userId: string; readonly nextDueMs: number }) | null
  ): Promise<void>;
  /** Moves on only if `fromDueMs` still is the next due instant; false means another process did. */
  advance(slug: string, fromDueMs: number, nextDueMs: number): Promise<boolean>;
}
