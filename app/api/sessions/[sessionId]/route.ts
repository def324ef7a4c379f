import { parseThreadAsked } from "#lib/wire/sessions.ts";
import { answer } from "../../../answer.ts";
import { workbench } from "../../../workbench.ts";

/** A part of a session's thread. */
export function GET(
  request: Request,
  { params }: { readonly params: Promise<{ readonly sessionId: string }> }
): Promise<Response> {
  return answer(async () => {
    const asked = parseThreadAsked(new URL(request.url).searchParams);
    const { traces, scope } = workbench();
    return traces.thread(await scope(), (await params).sessionId, asked, request.signal);
  });
}
