import { parseImportAsked } from "#lib/wire/import.ts";
import { importUpload } from "#lib/work/import-upload.ts";
import { answer } from "../../../../answer.ts";
import { streamEvents } from "../../../../stream-events.ts";

export const POST = answer<{ readonly uploadId: string }>("administer", async ({ bench, scope, params, request }) => {
  const asked = parseImportAsked(await request.json());
  const stop = new AbortController();
  const events = importUpload(bench, scope, params.uploadId, asked, stop.signal);
  return streamEvents(events, () => stop.abort());
});
