import { parseThreadAsked } from "#lib/wire/sessions.ts";
import { answer } from "../../../answer.ts";

/** A part of a session's thread. */
export const GET = answer<{ readonly sessionId: string }>(
  "read",
  async ({ bench: { traces, reads }, scope, params, request }) => {
    const asked = parseThreadAsked(new URL(request.url).searchParams);
    const found = await traces.thread(scope, params.sessionId, asked, request.signal);
    const object = { kind: "session", id: params.sessionId };
    await reads.note(scope, { action: "session.view", object, units: [found.session.businessUnit] });
    return found;
  }
);
