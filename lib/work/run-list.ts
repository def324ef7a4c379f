import { Fault } from "#lib/model/fault.ts";
import type { Run } from "#lib/model/run.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Runs } from "#lib/ports/runs.ts";
import type { RunsReply } from "#lib/wire/home.ts";

const pageSize = 50;

/** One page of runs, newest first, of one workbook or of all. `before` is `next` of the page before. */
export async function readRuns(
  runs: Runs,
  scope: Scope,
  workbook: string | null,
  before: string | null
): Promise<RunsReply> {
  const found = await runs.list(scope, {
    ...(workbook === null ? {} : { workbook }),
    ...(before === null ? {} : { before }),
    limit: pageSize + 1
  });
  const page = found.slice(0, pageSize);
  return { runs: page, next: found.length > pageSize ? (page.at(-1)?.runId ?? null) : null };
}

/** A run of the scope. @throws Fault `missing` */
export async function findRun(runs: Runs, scope: Scope, runId: string): Promise<Run> {
  const run = await runs.find(scope, runId);
  if (run) return run;
  throw new Fault("missing", `there is no run "${runId}" in your business units`, { hint: "Open it from the list." });
}
