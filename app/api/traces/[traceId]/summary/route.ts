import { onTrace } from "../on-trace.ts";

/** What the list says of a trace, with the beginning of its words: all that a point of a map needs when it is pointed at. */
export const GET = onTrace(
  ({ bench: { traces }, scope, params }) => traces.summary(scope, params.traceId),
  ({ businessUnit }) => businessUnit
);
