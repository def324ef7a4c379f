import { Readable } from "node:stream";
import { parseQueueFormat } from "#lib/wire/queue-numbers.ts";
import { exportQueue } from "#lib/work/export-queue.ts";
import { answer } from "../../../../answer.ts";

export const GET = answer<{ readonly queueId: string }>(
  "export",
  async ({ bench, scope, scopeOf, params, request }) => {
    const format = parseQueueFormat(new URL(request.url).searchParams);
    const administered = scopeOf("administer").businessUnits;
    const { parts, contentType, name } = await exportQueue(bench, scope, administered, params.queueId, format);
    const headers = { "content-type": contentType, "content-disposition": `attachment; filename="${name}"` };
    return new Response(Readable.toWeb(Readable.from(parts)) as ReadableStream<Uint8Array>, { headers });
  }
);
