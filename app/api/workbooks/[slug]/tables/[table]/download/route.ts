import { parseDownloadFormat } from "#lib/wire/window.ts";
import { onWorkbook } from "../../../../on-workbook.ts";

export const GET = onWorkbook<{ readonly slug: string; readonly table: string }>(
  "export",
  "view",
  async ({ bench: { desk }, scope, params, request }) => {
    const { slug, table } = params;
    const format = parseDownloadFormat(new URL(request.url).searchParams);
    const { bytes, contentType } = await desk.download(scope, slug, table, format);
    const name = encodeURIComponent(`${table}.${format}`);
    return new Response(bytes as BodyInit, {
      headers: { "content-type": contentType, "content-disposition": `attachment; filename*=UTF-8''${name}` }
    });
  }
);
