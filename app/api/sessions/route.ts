import { parseSessionsAsked } from "#lib/wire/sessions.ts";
import { answer } from "../../answer.ts";
import { workbench } from "../../workbench.ts";

export function GET(request: Request): Promise<Response> {
  return answer(async () => {
    const asked = parseSessionsAsked(new URL(request.url).searchParams);
    const { traces, scope } = workbench();
    return traces.sessions(await scope(), asked, request.signal);
  });
}
