import { parsePromoteRequest, parsePromotionGroundRequest } from "#lib/wire/promotion.ts";
import { onWorkbook } from "../../../../on-workbook.ts";

export const POST = onWorkbook<{ readonly slug: string; readonly cell: string }>(
  "run",
  "view",
  async ({ bench: { promotions }, scope, params, request }) => {
    const { text } = parsePromotionGroundRequest(await request.json());
    const { slug: workbook, cell } = params;
    return promotions.ground(scope, { workbook, cell, text }, request.signal);
  }
);

export const PUT = onWorkbook<{ readonly slug: string; readonly cell: string }>(
  "run",
  "edit",
  async ({ bench: { promotions }, scope, params, request }) => {
    const asked = parsePromoteRequest(await request.json());
    const { slug: workbook, cell } = params;
    return promotions.promote(scope, { workbook, cell }, asked, request.signal);
  }
);
