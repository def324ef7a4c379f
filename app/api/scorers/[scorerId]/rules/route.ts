import { parseRuleRequest } from "#lib/wire/scorers.ts";
import { makeRule } from "#lib/work/scorer-pages.ts";
import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly scorerId: string }>;
}

export function POST(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const asked = parseRuleRequest(await request.json());
    const { scorerPages, scope } = workbench();
    return makeRule(scorerPages, await scope(), (await params).scorerId, asked);
  });
}
