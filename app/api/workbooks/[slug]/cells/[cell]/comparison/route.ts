import { parseComparisonRequest } from "#lib/wire/promotion.ts";
import { answer } from "../../../../../../answer.ts";
import { streamEvents } from "../../../../../../stream-events.ts";
import { workbench } from "../../../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly slug: string; readonly cell: string }>;
}

export function POST(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const asked = parseComparisonRequest(await request.json());
    const { slug: workbook, cell } = await params;
    const { promotions, scope } = workbench();
    const leave = new AbortController();
    request.signal.addEventListener("abort", () => leave.abort(), { once: true });
    const place = { workbook, cell, text: asked.text };
    return streamEvents(promotions.compare(await scope(), place, asked, leave.signal), () => leave.abort());
  });
}
