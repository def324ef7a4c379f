import { parseRuleChange } from "#lib/wire/scorers.ts";
import { answer } from "../../../answer.ts";
import { workbench } from "../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly ruleId: string }>;
}

export function PATCH(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { action } = parseRuleChange(await request.json());
    const { scorerPages, scope } = workbench();
    await scorerPages.scoringRules[action](await scope(), (await params).ruleId);
  });
}

export function DELETE(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { scorerPages, scope } = workbench();
    await scorerPages.scoringRules.remove(await scope(), (await params).ruleId);
  });
}
