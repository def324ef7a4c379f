import { answer } from "../../../../answer.ts";

/** Traces of the same unit that ask alike. */
export const GET = answer<{ readonly traceId: string }>(
  "read",
  async ({ bench: { traces }, scope, params, request }) => {
    return traces.similar(scope, params.traceId, request.signal);
  }
);
