import { parseTryRequest } from "#lib/wire/bench.ts";
import { answer } from "../../../../../../answer.ts";

export const POST = answer<{ readonly slug: string; readonly cell: string }>(
  "run",
  async ({ bench, scope, params, request }) => {
    const asked = parseTryRequest(await request.json());
    const { slug: workbook, cell } = params;
    return bench.bench.try(scope, { workbook, cell, text: asked.text, params: asked.params }, asked, request.signal);
  }
);
