import { Readable } from "node:stream";
import { parseDatasetFile } from "#lib/wire/selections.ts";
import { exportDataset } from "#lib/work/dataset-page.ts";
import { answer } from "../../../../answer.ts";

export const GET = answer<{ readonly datasetId: string }>(
  "export",
  async ({ bench: { datasets, reads }, scope, params, request }) => {
    const asked = parseDatasetFile(new URL(request.url).searchParams);
    const { parts, contentType, name, reading } = await exportDataset(datasets, scope, params.datasetId, asked);
    await reads.each(scope, reading);
    const headers = { "content-type": contentType, "content-disposition": `attachment; filename="${name}"` };
    return new Response(Readable.toWeb(Readable.from(parts)) as ReadableStream<Uint8Array>, { headers });
  }
);
