import { parseTryRequest } from "#lib/wire/bench.ts";
import { onWorkbook } from "../../../../on-workbook.ts";

export const POST = onWorkbook<{ readonly slug: string; readonly cell: string }>(
  "run",
  "view",
  async ({ bench, scope, params, request }) => {
    const asked = parseTryRequest(await request.json());
    const { slug: workbook, cell } = params;
    return bench.bench.try(scope, { workbook, cell, text: asked.text, params: asked.params }, asked, request.signal);
  }
);
