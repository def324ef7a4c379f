import { readRun } from "#lib/work/run-statement.ts";
import { answer } from "../../../answer.ts";

/** One run with its cells. */
export const GET = answer<{ readonly runId: string }>("report", async ({ bench, scope, params }) =>
  readRun(bench, scope, params.runId)
);
