import { Fault } from "#lib/model/fault.ts";
import type { Outcome } from "#lib/model/run.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Json } from "#lib/model/span.ts";
import { fingerprint } from "#lib/workbook/fingerprint.ts";
import type { CommandDoors } from "./run-workbook-file.ts";

/** Which occurrence of which workbook is due. */
export interface ScheduledRun {
  readonly slug: string;
  /** Due instant, ms since 1970 UTC. */
  readonly occurrenceMs: number;
}

/** @throws Fault `invalid` for job data that name no occurrence */
export function parseScheduledRun(data: Json): ScheduledRun {
  const fields = data as Readonly<Record<string, Json>> | null;
  const [slug, occurrenceMs] = [fields?.["slug"], fields?.["occurrenceMs"]];
  if (typeof slug === "string" && typeof occurrenceMs === "number" && Number.isSafeInteger(occurrenceMs)) {
    return { slug, occurrenceMs };
  }
  throw new Fault("invalid", `the job names no occurrence of a workbook: ${JSON.stringify(data).slice(0, 200)}`);
}

/**
 * The run of an occurrence, always the same: a uuid v7 of the due instant, its random part from the
 * workbook's slug and the try.
 *
 * @param attempt  from 0; a try after one that was recorded as stopped is a run of its own
 */
export function occurrenceRunId({ slug, occurrenceMs }: ScheduledRun, attempt: number): string {
  const time = Math.max(0, occurrenceMs).toString(16).padStart(12, "0").slice(-12);
  const chance = fingerprint([slug, String(occurrenceMs), String(attempt)]);
  const variant = "89ab"[Number.parseInt(chance[3]!, 16) & 3];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${chance.slice(0, 3)}-${variant}${chance.slice(4, 7)}-${chance.slice(7, 19)}`;
}

/**
 * Runs one occurrence. An occurrence that has been run to its end is not run again; one whose process
 * died before goes on under the same run, and where that run was swept to `stopped` in between, under
 * the next id.
 *
 * @returns how it ended
 * @throws Fault `missing` when the workbook is gone
 */
export async function runScheduled(
  doors: CommandDoors,
  scope: Scope,
  data: Json,
  signal: AbortSignal
): Promise<Outcome> {
  const due = parseScheduledRun(data);
  const stored = await doors.workbooks.find(scope, due.slug);
  if (!stored) throw new Fault("missing", `there is no workbook "${due.slug}"; its occurrence is dropped`);
  for (let attempt = 0; ; attempt++) {
    const runId = occurrenceRunId(due, attempt);
    const earlier = await doors.runs.find(scope, runId);
    if (earlier?.outcome === "stopped") continue;
    if (earlier && earlier.outcome !== "running") return earlier.outcome;
    const request = { text: stored.text, cells: "all", params: {} } as const;
    const options = {
      trigger: "schedule",
      revision: stored.revision,
      occurrenceMs: due.occurrenceMs,
      record: true,
      runId
    } as const;
    let outcome: Outcome = "stopped";
    for await (const event of doors.desk.run(scope, due.slug, request, options, signal)) {
      if (event.kind === "ended") outcome = event.outcome;
    }
    return outcome;
  }
}
