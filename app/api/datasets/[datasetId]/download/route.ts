import { Readable } from "node:stream";
import { parseDatasetFile } from "#lib/wire/selections.ts";
import { exportDataset } from "#lib/work/dataset-page.ts";
import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly datasetId: string }>;
}

export function GET(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const asked = parseDatasetFile(new URL(request.url).searchParams);
    const { datasets, scope } = workbench();
    const { parts, contentType, name } = await exportDataset(datasets, await scope(), (await params).datasetId, asked);
    const headers = { "content-type": contentType, "content-disposition": `attachment; filename="${name}"` };
    return new Response(Readable.toWeb(Readable.from(parts)) as ReadableStream<Uint8Array>, { headers });
  });
}
