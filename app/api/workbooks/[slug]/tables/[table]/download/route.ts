import { parseDownloadFormat } from "#lib/wire/window.ts";
import { answer } from "../../../../../../answer.ts";
import { workbench } from "../../../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly slug: string; readonly table: string }>;
}

export function GET(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { slug, table } = await params;
    const format = parseDownloadFormat(new URL(request.url).searchParams);
    const { desk, scope } = workbench();
    const { bytes, contentType } = await desk.download(await scope(), slug, table, format);
    const name = encodeURIComponent(`${table}.${format}`);
    return new Response(bytes as BodyInit, {
      headers: { "content-type": contentType, "content-disposition": `attachment; filename*=UTF-8''${name}` }
    });
  });
}
