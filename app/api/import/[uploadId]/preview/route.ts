import { parseImportAsked } from "#lib/wire/import.ts";
import { previewUpload } from "#lib/work/import-upload.ts";
import { answer } from "../../../../answer.ts";

export const POST = answer<{ readonly uploadId: string }>("administer", async ({ bench, scope, params, request }) => {
  const asked = parseImportAsked(await request.json());
  return previewUpload(bench, scope, params.uploadId, asked);
});
