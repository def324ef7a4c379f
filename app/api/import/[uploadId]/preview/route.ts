import { parseImportAsked } from "#lib/wire/import.ts";
import { previewUpload } from "#lib/work/import-upload.ts";
import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly uploadId: string }>;
}

export function POST(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const asked = parseImportAsked(await request.json());
    const bench = workbench();
    return previewUpload(bench, await bench.scope(), (await params).uploadId, asked);
  });
}
