import { parseTraceFilter } from "#lib/wire/trace-filter.ts";
import { answer } from "../../answer.ts";
import { workbench } from "../../workbench.ts";

export function GET(request: Request): Promise<Response> {
  return answer(async () => {
    const filter = parseTraceFilter(new URL(request.url).searchParams);
    const { traces, scope } = workbench();
    return traces.list(await scope(), filter, request.signal);
  });
}
