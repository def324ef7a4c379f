import { parseRuleRequest } from "#lib/wire/scorers.ts";
import { makeRule } from "#lib/work/scorer-pages.ts";
import { answer } from "../../../../answer.ts";

export const POST = answer<{ readonly scorerId: string }>(
  "administer",
  async ({ bench: { scorerPages }, scope, params, request }) => {
    const asked = parseRuleRequest(await request.json());
    return makeRule(scorerPages, scope, params.scorerId, asked);
  }
);
