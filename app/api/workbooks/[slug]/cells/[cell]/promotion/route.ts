import { parsePromoteRequest, parsePromotionGroundRequest } from "#lib/wire/promotion.ts";
import { answer } from "../../../../../../answer.ts";
import { workbench } from "../../../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly slug: string; readonly cell: string }>;
}

export function POST(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { text } = parsePromotionGroundRequest(await request.json());
    const { slug: workbook, cell } = await params;
    const { promotions, scope } = workbench();
    return promotions.ground(await scope(), { workbook, cell, text }, request.signal);
  });
}

export function PUT(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const asked = parsePromoteRequest(await request.json());
    const { slug: workbook, cell } = await params;
    const { promotions, scope } = workbench();
    return promotions.promote(await scope(), { workbook, cell }, asked, request.signal);
  });
}
