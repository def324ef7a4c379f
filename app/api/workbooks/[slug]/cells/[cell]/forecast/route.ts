import { parseCellForecastRequest } from "#lib/wire/cell-forecast.ts";
import { answer } from "../../../../../../answer.ts";

export const POST = answer<{ readonly slug: string; readonly cell: string }>(
  "run",
  async ({ bench: { forecastCell }, scope, params, request }) => {
    const asked = parseCellForecastRequest(await request.json());
    const { slug: workbook, cell } = params;
    return forecastCell(scope, { workbook, cell, ...asked }, request.signal);
  }
);
