import { parseTraceFilter } from "#lib/wire/trace-filter.ts";
import { noteSearch } from "#lib/work/read-trail.ts";
import { answer } from "../../answer.ts";

export const GET = answer("read", async ({ bench: { traces, reads }, scope, request }) => {
  const filter = parseTraceFilter(new URL(request.url).searchParams);
  const found = await traces.list(scope, filter, request.signal);
  await noteSearch(reads, scope, filter, found.traces.length);
  return found;
});
