import { readReport } from "#lib/work/read-report.ts";
import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

export function GET(
  request: Request,
  { params }: { readonly params: Promise<{ readonly runId: string }> }
): Promise<Response> {
  return answer(async () => {
    const { runId } = await params;
    const query = new URL(request.url).searchParams;
    const { runs, scope } = workbench();
    const { text, contentType, name } = await readReport(runs, await scope(), runId, query.get("format") ?? "html");
    const headers = new Headers({
      "content-type": contentType,
      "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    });
    if (query.has("download"))
      headers.set("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
    return new Response(text, { headers });
  });
}
