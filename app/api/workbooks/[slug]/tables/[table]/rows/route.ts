import { parseWindow, windowHeaders } from "#lib/wire/window.ts";
import { onWorkbook } from "../../../../on-workbook.ts";

export const GET = onWorkbook<{ readonly slug: string; readonly table: string }>(
  "run",
  "view",
  async ({ bench: { desk }, scope, params, request }) => {
    const { slug, table } = params;
    const { bytes, total, columns, cut } = await desk.rows(
      scope,
      slug,
      table,
      parseWindow(new URL(request.url).searchParams)
    );
    return new Response(bytes as BodyInit, {
      headers: {
        "content-type": "application/vnd.apache.arrow.stream",
        [windowHeaders.rows]: String(total),
        [windowHeaders.columns]: String(columns),
        [windowHeaders.cut]: String(cut)
      }
    });
  }
);
