import { parsePromoteRequest, parsePromotionGroundRequest } from "#lib/wire/promotion.ts";
import { answer } from "../../../../../../answer.ts";

export const POST = answer<{ readonly slug: string; readonly cell: string }>(
  "run",
  async ({ bench: { promotions }, scope, params, request }) => {
    const { text } = parsePromotionGroundRequest(await request.json());
    const { slug: workbook, cell } = params;
    return promotions.ground(scope, { workbook, cell, text }, request.signal);
  }
);

export const PUT = answer<{ readonly slug: string; readonly cell: string }>(
  "run",
  async ({ bench: { promotions }, scope, params, request }) => {
    const asked = parsePromoteRequest(await request.json());
    const { slug: workbook, cell } = params;
    return promotions.promote(scope, { workbook, cell }, asked, request.signal);
  }
);
