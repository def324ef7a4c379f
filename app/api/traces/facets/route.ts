import { parseFacetsAsked, parseTraceFilter } from "#lib/wire/trace-filter.ts";
import { answer } from "../../../answer.ts";
import { workbench } from "../../../workbench.ts";

/** Counts beside the list; `?facet&words` asks for some values of some. */
export function GET(request: Request): Promise<Response> {
  return answer(async () => {
    const query = new URL(request.url).searchParams;
    const { traces, scope } = workbench();
    return traces.facets(await scope(), parseTraceFilter(query), parseFacetsAsked(query), request.signal);
  });
}
