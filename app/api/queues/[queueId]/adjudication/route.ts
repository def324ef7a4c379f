import { parseAdjudicationRequest } from "#lib/wire/adjudication.ts";
import { adjudicate } from "#lib/work/adjudicate.ts";
import { listAdministered } from "../../../../administered.ts";
import { answer } from "../../../../answer.ts";

export const POST = answer<{ readonly queueId: string }>("annotate", async ({ bench, scope, params, request }) => {
  const asked = parseAdjudicationRequest(await request.json());
  return adjudicate(bench, scope, await listAdministered(bench, request.headers), params.queueId, asked);
});
