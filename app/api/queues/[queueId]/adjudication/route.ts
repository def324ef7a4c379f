import { parseAdjudicationRequest } from "#lib/wire/adjudication.ts";
import { adjudicate } from "#lib/work/adjudicate.ts";
import { answer } from "../../../../answer.ts";
import { listUnitsOf } from "../../../../units-of.ts";

export const POST = answer<{ readonly queueId: string }>("annotate", async ({ bench, scope, params, request }) => {
  const asked = parseAdjudicationRequest(await request.json());
  return adjudicate(bench, scope, await listUnitsOf(bench, request.headers, "administer"), params.queueId, asked);
});
