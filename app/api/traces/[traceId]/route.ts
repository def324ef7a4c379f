import { onTrace } from "./on-trace.ts";

/** One trace with the first of its spans. */
export const GET = onTrace(
  ({ bench: { traces }, scope, params }) => traces.open(scope, params.traceId),
  ({ trace }) => trace.businessUnit
);
