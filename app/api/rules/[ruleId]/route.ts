import { parseRuleChange } from "#lib/wire/scorers.ts";
import { answer } from "../../../answer.ts";

export const PATCH = answer<{ readonly ruleId: string }>(
  "administer",
  async ({ bench: { scorerPages }, scope, params, request }) => {
    const { action } = parseRuleChange(await request.json());
    await scorerPages.scoringRules[action](scope, params.ruleId);
  }
);

export const DELETE = answer<{ readonly ruleId: string }>(
  "administer",
  async ({ bench: { scorerPages }, scope, params }) => {
    await scorerPages.scoringRules.remove(scope, params.ruleId);
  }
);
