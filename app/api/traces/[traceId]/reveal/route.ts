import { parseRevealRequest } from "#lib/wire/masks.ts";
import { revealTrace } from "#lib/work/reveal-trace.ts";
import { answer } from "../../../../answer.ts";

/** What a mask hides of one trace, for a purpose that the audit trail keeps. */
export const POST = answer<{ readonly traceId: string }>("reveal", async ({ bench, scope, params, request }) => {
  const shown = await revealTrace(bench, scope, params.traceId, parseRevealRequest(await request.json()));
  return Response.json(shown, { headers: { "cache-control": "no-store" } });
});
