import { readRuns } from "#lib/work/run-list.ts";
import { answer } from "../../answer.ts";

/** One page of runs, newest first: `?workbook&before`. */
export const GET = answer("report", async ({ bench: { runs }, scope, request }) => {
  const query = new URL(request.url).searchParams;
  return readRuns(runs, scope, query.get("workbook") || null, query.get("before") || null);
});
