import { parseSpoken } from "#lib/wire/trace-filter.ts";
import { answer } from "../../../../answer.ts";

/** The conversation of one trace; `?spoken` asks for a longer one. */
export const GET = answer<{ readonly traceId: string }>(
  "read",
  async ({ bench: { traces }, scope, params, request }) => {
    const spoken = parseSpoken(new URL(request.url).searchParams);
    return traces.conversation(scope, params.traceId, spoken);
  }
);
