import { parseReadRequest } from "#lib/wire/workbook.ts";
import { onWorkbook } from "../../on-workbook.ts";

export const POST = onWorkbook("run", "view", async ({ bench: { desk }, scope, params, request }) => {
  const { text } = parseReadRequest(await request.json());
  return desk.read(scope, params.slug, text);
});
