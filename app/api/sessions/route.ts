import { parseSessionsAsked } from "#lib/wire/sessions.ts";
import { answer } from "../../answer.ts";

export const GET = answer("read", async ({ bench: { traces }, scope, request }) => {
  const asked = parseSessionsAsked(new URL(request.url).searchParams);
  return traces.sessions(scope, asked, request.signal);
});
