import { answer } from "../../../../../answer.ts";
import { workbench } from "../../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly traceId: string; readonly spanId: string }>;
}

export function GET(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { traceId, spanId } = await params;
    const { traces, scope } = workbench();
    return traces.span(await scope(), traceId, spanId);
  });
}
