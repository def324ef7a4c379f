import type { Workbook } from "#lib/model/cell.ts";
import { Fault, isFault } from "#lib/model/fault.ts";
import type { Outcome, Run } from "#lib/model/run.ts";
import { coversUnits, type Scope } from "#lib/model/scope.ts";
import type { Json } from "#lib/model/span.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { StoredWorkbook } from "#lib/ports/workbooks.ts";
import { fingerprint } from "#lib/workbook/fingerprint.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";
import { runSeed } from "./desk-doors.ts";
import { beginRun, type RunStart } from "./run-record.ts";
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

/** What a run on schedule needs. */
export interface ScheduleDoors extends CommandDoors {
  readonly clock: Pick<Clock, "nowMs">;
  readonly engine: string;
  /** What somebody may run at this moment. */
  runScopeOf(userId: string): Promise<Scope>;
}

/**
 * Runs one occurrence with the rights that whoever saved the text last has now, so that no editor has their text run
 * with the rights of another: in units that they have lost nothing runs, and where none is left, or the workbook is no
 * longer theirs to see, the run ends at once and says so.
 *
 * An occurrence that has been run to its end is not run again; one whose process died before goes on under the same
 * run, and where that run was swept to `stopped` in between, under the next id.
 *
 * @param system  who works in the background; finds the workbook and earlier runs, and runs nothing
 * @returns how it ended
 * @throws Fault `missing` when the workbook is gone
 */
export async function runScheduled(
  doors: ScheduleDoors,
  system: Scope,
  data: Json,
  signal: AbortSignal
): Promise<Outcome> {
  const due = parseScheduledRun(data);
  const stored = await doors.workbooks.find(system, due.slug);
  if (!stored) throw new Fault("missing", `there is no workbook "${due.slug}"; its occurrence is dropped`);
  const { userId } = stored;
  for (let attempt = 0; ; attempt++) {
    const runId = occurrenceRunId(due, attempt);
    const earlier = await doors.runs.find(system, runId);
    if (earlier?.outcome === "stopped" && earlier.ending === undefined) continue;
    if (earlier && earlier.outcome !== "running") return earlier.outcome;
    const options = {
      trigger: "schedule",
      revision: stored.revision,
      occurrenceMs: due.occurrenceMs,
      record: true,
      runId
    } as const;
    const scope = await doors.runScopeOf(userId);
    const obstacle = await findObstacle(doors, scope, stored);
    if (obstacle !== null) {
      const record = recordObstacle(doors, scope, stored, options, obstacle);
      if (!earlier) await doors.runs.begin(system, record);
      await doors.runs.end(system, record, null);
      return record.outcome;
    }
    const holds = async () => coversUnits(await doors.runScopeOf(userId), scope);
    const request = { text: stored.text, cells: "all", params: {} } as const;
    let outcome: Outcome = "stopped";
    for await (const event of doors.desk.run(scope, due.slug, request, { ...options, holds }, signal)) {
      if (event.kind === "ended") outcome = event.outcome;
    }
    return outcome;
  }
}

/** Why nothing of a workbook can run in somebody's name, in a sentence; null where something can. */
async function findObstacle(doors: ScheduleDoors, scope: Scope, stored: StoredWorkbook): Promise<string | null> {
  const who = `the person who saved this workbook last (${scope.userId})`;
  if ((await doors.workbooks.accessTo(scope, stored.slug)) === undefined)
    return `${who} may no longer open this workbook: nothing was run. Somebody who may edit it can save it again.`;
  const named = readUnits(stored.text);
  const left = scope.businessUnits.filter((unit) => named.length === 0 || named.includes(unit));
  if (left.length > 0) return null;
  const where = named.length > 0 ? `in ${named.join(", ")}` : "in any business unit";
  return `${who} may no longer run cells ${where}: nothing was run. Somebody who may can save it again, with a change.`;
}

/** The record of a run that could not begin. Its units are none: it read nothing. */
function recordObstacle(
  { clock, engine }: ScheduleDoors,
  scope: Scope,
  stored: StoredWorkbook,
  options: Pick<RunStart, "runId" | "trigger" | "revision" | "occurrenceMs">,
  ending: string
): Run {
  const startedAtMs = clock.nowMs();
  const run = beginRun({
    ...options,
    ...{ slug: stored.slug, workbook: emptyWorkbook(stored.title), scope: { ...scope, businessUnits: [] } },
    ...{ snapshotId: 0, params: {}, seed: runSeed, startedAtMs, engine }
  });
  return { ...run, outcome: "broken", ending, endedAtMs: startedAtMs };
}

function emptyWorkbook(title: string): Workbook {
  return { ...parseWorkbook(""), title };
}

/** Units that a text names; a text that cannot be read names none and says so when it runs. */
function readUnits(text: string): readonly string[] {
  try {
    return parseWorkbook(text).businessUnits;
  } catch (error) {
    if (isFault(error)) return [];
    throw error;
  }
}
