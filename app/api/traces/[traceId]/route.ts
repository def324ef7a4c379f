import { answer } from "../../../answer.ts";

/** One trace with the first of its spans. */
export const GET = answer<{ readonly traceId: string }>("read", async ({ bench: { traces }, scope, params }) => {
  return traces.open(scope, params.traceId);
});
