import { parseRuleForecastRequest } from "#lib/wire/scorers.ts";
import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly scorerId: string }>;
}

export function POST(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const asked = parseRuleForecastRequest(await request.json());
    const { forecastRule, scope } = workbench();
    return forecastRule(await scope(), (await params).scorerId, asked, request.signal);
  });
}
