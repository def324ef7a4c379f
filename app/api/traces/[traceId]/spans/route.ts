import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

/** The whole tree of one trace. */
export function GET(
  _request: Request,
  { params }: { readonly params: Promise<{ readonly traceId: string }> }
): Promise<Response> {
  return answer(async () => {
    const { traces, scope } = workbench();
    return traces.tree(await scope(), (await params).traceId);
  });
}
