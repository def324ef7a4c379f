import { parseSelectionRequest } from "#lib/wire/workbook.ts";
import { answer } from "../../../../../../answer.ts";

export const POST = answer<{ readonly slug: string; readonly map: string }>(
  "run",
  async ({ bench: { desk }, scope, params, request }) => {
    const picked = parseSelectionRequest(await request.json());
    const { slug, map } = params;
    return desk.select(scope, slug, map, picked);
  }
);
