import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

/** Traces of the same unit that ask alike. */
export function GET(
  request: Request,
  { params }: { readonly params: Promise<{ readonly traceId: string }> }
): Promise<Response> {
  return answer(async () => {
    const { traces, scope } = workbench();
    return traces.similar(await scope(), (await params).traceId, request.signal);
  });
}
