import { parseHandfulRequest } from "#lib/wire/bench.ts";
import { onWorkbook } from "../../../../on-workbook.ts";

export const POST = onWorkbook<{ readonly slug: string; readonly cell: string }>(
  "run",
  "view",
  async ({ bench, scope, params, request }) => {
    const asked = parseHandfulRequest(await request.json());
    const { slug: workbook, cell } = params;
    return bench.bench.handful(
      scope,
      { workbook, cell, text: asked.text, params: asked.params },
      asked,
      request.signal
    );
  }
);
