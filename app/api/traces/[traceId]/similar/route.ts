import { onTrace } from "../on-trace.ts";

/** Traces of the same unit that ask alike. */
export const GET = onTrace(async ({ bench: { traces }, scope, params, request }) => {
  return traces.similar(scope, params.traceId, request.signal);
});
