import { parseImportAsked } from "#lib/wire/import.ts";
import { importUpload } from "#lib/work/import-upload.ts";
import { answer } from "../../../../answer.ts";
import { streamEvents } from "../../../../stream-events.ts";
import { workbench } from "../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly uploadId: string }>;
}

export function POST(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const asked = parseImportAsked(await request.json());
    const bench = workbench();
    const stop = new AbortController();
    const events = importUpload(bench, await bench.scope(), (await params).uploadId, asked, stop.signal);
    return streamEvents(events, () => stop.abort());
  });
}
