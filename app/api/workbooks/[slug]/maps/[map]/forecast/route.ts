import { parseMapForecastRequest } from "#lib/wire/map-forecast.ts";
import { answer } from "../../../../../../answer.ts";
import { workbench } from "../../../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly slug: string; readonly map: string }>;
}

export function POST(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const asked = parseMapForecastRequest(await request.json());
    const { slug: workbook, map: cell } = await params;
    const { forecastMap, scope } = workbench();
    return forecastMap(await scope(), { workbook, cell, ...asked }, request.signal);
  });
}
