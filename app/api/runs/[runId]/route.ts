import { findRun } from "#lib/work/run-list.ts";
import { answer } from "../../../answer.ts";
import { workbench } from "../../../workbench.ts";

/** One run with its cells. */
export function GET(
  _request: Request,
  { params }: { readonly params: Promise<{ readonly runId: string }> }
): Promise<Response> {
  return answer(async () => {
    const { runs, scope } = workbench();
    return findRun(runs, await scope(), (await params).runId);
  });
}
