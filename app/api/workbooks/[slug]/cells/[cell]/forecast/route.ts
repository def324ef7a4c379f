import { parseCellForecastRequest } from "#lib/wire/cell-forecast.ts";
import { onWorkbook } from "../../../../on-workbook.ts";

export const POST = onWorkbook<{ readonly slug: string; readonly cell: string }>(
  "run",
  "view",
  async ({ bench: { forecastCell }, scope, params, request }) => {
    const asked = parseCellForecastRequest(await request.json());
    const { slug: workbook, cell } = params;
    return forecastCell(scope, { workbook, cell, ...asked }, request.signal);
  }
);
