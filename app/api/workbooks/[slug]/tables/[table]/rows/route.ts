import { parseWindow, windowHeaders } from "#lib/wire/window.ts";
import { answer } from "../../../../../../answer.ts";

export const GET = answer<{ readonly slug: string; readonly table: string }>(
  "run",
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
