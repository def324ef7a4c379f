import { Fault } from "#lib/model/fault.ts";
import { answer } from "../../../answer.ts";
import { workbench } from "../../../workbench.ts";

export function GET(
  _request: Request,
  { params }: { readonly params: Promise<{ readonly runId: string }> }
): Promise<Response> {
  return answer(async () => {
    const { runId } = await params;
    const { runs, scope } = workbench();
    const run = await runs.find(await scope(), runId);
    if (!run) throw new Fault("missing", `there is no run ${runId}`);
    return run;
  });
}
