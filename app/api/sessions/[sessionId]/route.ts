import { parseThreadAsked } from "#lib/wire/sessions.ts";
import { answer } from "../../../answer.ts";

/** A part of a session's thread. */
export const GET = answer<{ readonly sessionId: string }>(
  "read",
  async ({ bench: { traces }, scope, params, request }) => {
    const asked = parseThreadAsked(new URL(request.url).searchParams);
    return traces.thread(scope, params.sessionId, asked, request.signal);
  }
);
