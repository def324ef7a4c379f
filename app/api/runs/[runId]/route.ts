import { readRun } from "#lib/work/run-statement.ts";
import { answer } from "../../../answer.ts";

/** One run with its cells. */
export const GET = answer<{ readonly runId: string }>("report", async ({ bench, scope, params }) => {
  const reply = await readRun(bench, scope, params.runId);
  const { runId, businessUnits } = reply;
  await bench.reads.note(scope, { action: "report.view", object: { kind: "run", id: runId }, units: businessUnits });
  return reply;
});
