import { findRun } from "#lib/work/run-list.ts";
import { answer } from "../../../answer.ts";

/** One run with its cells. */
export const GET = answer<{ readonly runId: string }>("report", async ({ bench: { runs }, scope, params }) => {
  return findRun(runs, scope, params.runId);
});
