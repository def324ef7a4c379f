import { parseFacetsAsked, parseTraceFilter } from "#lib/wire/trace-filter.ts";
import { answer } from "../../../answer.ts";

/** Counts beside the list; `?facet&words` asks for some values of some. */
export const GET = answer("read", async ({ bench: { traces }, scope, request }) => {
  const query = new URL(request.url).searchParams;
  return traces.facets(scope, parseTraceFilter(query), parseFacetsAsked(query), request.signal);
});
