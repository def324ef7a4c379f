import { readRuns } from "#lib/work/run-list.ts";
import { answer } from "../../answer.ts";
import { workbench } from "../../workbench.ts";

/** One page of runs, newest first: `?workbook&before`. */
export function GET(request: Request): Promise<Response> {
  return answer(async () => {
    const query = new URL(request.url).searchParams;
    const { runs, scope } = workbench();
    return readRuns(runs, await scope(), query.get("workbook") || null, query.get("before") || null);
  });
}
