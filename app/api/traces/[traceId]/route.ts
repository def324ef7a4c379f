import { answer } from "../../../answer.ts";
import { workbench } from "../../../workbench.ts";

/** One trace with the first of its spans. */
export function GET(
  _request: Request,
  { params }: { readonly params: Promise<{ readonly traceId: string }> }
): Promise<Response> {
  return answer(async () => {
    const { traces, scope } = workbench();
    return traces.open(await scope(), (await params).traceId);
  });
}
