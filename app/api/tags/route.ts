import { parseTagRequest } from "#lib/wire/workbook.ts";
import { tagTraces } from "#lib/work/tag-traces.ts";
import { answer } from "../../answer.ts";

export const POST = answer("annotate", async ({ bench, scope, request }) => {
  const asked = parseTagRequest(await request.json());
  return tagTraces(bench, scope, asked);
});
