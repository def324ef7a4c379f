import { parseTraceFilter } from "#lib/wire/trace-filter.ts";
import { answer } from "../../answer.ts";

export const GET = answer("read", async ({ bench: { traces }, scope, request }) => {
  const filter = parseTraceFilter(new URL(request.url).searchParams);
  return traces.list(scope, filter, request.signal);
});
