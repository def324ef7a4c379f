import { parseWindow, windowHeaders } from "#lib/wire/window.ts";
import { answer } from "../../../../../../answer.ts";
import { workbench } from "../../../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly slug: string; readonly table: string }>;
}

export function GET(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { slug, table } = await params;
    const { desk, scope } = workbench();
    const { bytes, total, columns, cut } = await desk.rows(
      await scope(),
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
  });
}
