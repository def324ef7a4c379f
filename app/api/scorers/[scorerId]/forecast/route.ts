import { parseRuleForecastRequest } from "#lib/wire/scorers.ts";
import { answer } from "../../../../answer.ts";

export const POST = answer<{ readonly scorerId: string }>(
  "run",
  async ({ bench: { forecastRule }, scope, params, request }) => {
    const asked = parseRuleForecastRequest(await request.json());
    return forecastRule(scope, params.scorerId, asked, request.signal);
  }
);
