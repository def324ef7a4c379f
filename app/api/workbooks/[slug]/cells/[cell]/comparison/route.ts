import { parseComparisonRequest } from "#lib/wire/promotion.ts";
import { streamEvents } from "../../../../../../stream-events.ts";
import { onWorkbook } from "../../../../on-workbook.ts";

export const POST = onWorkbook<{ readonly slug: string; readonly cell: string }>(
  "run",
  "view",
  async ({ bench: { promotions }, scope, params, request }) => {
    const asked = parseComparisonRequest(await request.json());
    const { slug: workbook, cell } = params;
    const leave = new AbortController();
    request.signal.addEventListener("abort", () => leave.abort(), { once: true });
    const place = { workbook, cell, text: asked.text };
    return streamEvents(promotions.compare(scope, place, asked, leave.signal), () => leave.abort());
  }
);
