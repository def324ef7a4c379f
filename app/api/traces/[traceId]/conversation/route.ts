import { parseSpoken } from "#lib/wire/trace-filter.ts";
import { onTrace } from "../on-trace.ts";

/** The conversation of one trace; `?spoken` asks for a longer one. */
export const GET = onTrace(async ({ bench: { traces }, scope, params, request }) => {
  const spoken = parseSpoken(new URL(request.url).searchParams);
  return traces.conversation(scope, params.traceId, spoken);
});
