import { parseReadRequest } from "#lib/wire/workbook.ts";
import { answer } from "../../../../answer.ts";

export const POST = answer<{ readonly slug: string }>("run", async ({ bench: { desk }, scope, params, request }) => {
  const { text } = parseReadRequest(await request.json());
  return desk.read(scope, params.slug, text);
});
