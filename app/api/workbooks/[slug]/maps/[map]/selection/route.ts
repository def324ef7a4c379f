import { parseSelectionRequest } from "#lib/wire/workbook.ts";
import { onWorkbook } from "../../../../on-workbook.ts";

export const POST = onWorkbook<{ readonly slug: string; readonly map: string }>(
  "run",
  "view",
  async ({ bench: { desk }, scope, params, request }) => {
    const picked = parseSelectionRequest(await request.json());
    const { slug, map } = params;
    return desk.select(scope, slug, map, picked);
  }
);
