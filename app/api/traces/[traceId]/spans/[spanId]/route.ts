import { answer } from "../../../../../answer.ts";

export const GET = answer<{ readonly traceId: string; readonly spanId: string }>(
  "read",
  async ({ bench: { traces }, scope, params }) => {
    const { traceId, spanId } = params;
    return traces.span(scope, traceId, spanId);
  }
);
