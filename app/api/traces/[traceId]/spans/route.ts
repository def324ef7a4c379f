import { onTrace } from "../on-trace.ts";

/** The whole tree of one trace. */
export const GET = onTrace(async ({ bench: { traces }, scope, params }) => {
  const json = await traces.tree(scope, params.traceId);
  // Packing megabytes for a way inside one machine takes longer than the way.
  return new Response(json, { headers: { "content-type": "application/json", "cache-control": "no-transform" } });
});
