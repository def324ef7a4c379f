import { parseCellForecastRequest } from "#lib/wire/cell-forecast.ts";
import { answer } from "../../../../../../answer.ts";
import { workbench } from "../../../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly slug: string; readonly cell: string }>;
}

export function POST(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const asked = parseCellForecastRequest(await request.json());
    const { slug: workbook, cell } = await params;
    const { forecastCell, scope } = workbench();
    return forecastCell(await scope(), { workbook, cell, ...asked }, request.signal);
  });
}
