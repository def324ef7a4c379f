import { onTrace } from "../on-trace.ts";

/** Where `?words` are in the texts of one trace's spans. */
export const GET = onTrace(async ({ bench: { traces }, scope, params, request }) => {
  const words = new URL(request.url).searchParams.get("words") ?? "";
  return traces.find(scope, params.traceId, words, request.signal);
});
