import { parseAdjudicationRequest } from "#lib/wire/adjudication.ts";
import { adjudicate } from "#lib/work/adjudicate.ts";
import { answer } from "../../../../answer.ts";

export const POST = answer<{ readonly queueId: string }>(
  "annotate",
  async ({ bench, scope, scopeOf, params, request }) => {
    const asked = parseAdjudicationRequest(await request.json());
    return adjudicate(bench, scope, scopeOf("administer").businessUnits, params.queueId, asked);
  }
);
