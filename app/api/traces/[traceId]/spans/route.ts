import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

/** The whole tree of one trace. */
export function GET(
  _request: Request,
  { params }: { readonly params: Promise<{ readonly traceId: string }> }
): Promise<Response> {
  return answer(async () => {
    const { traces, scope } = workbench();
    const json = await traces.tree(await scope(), (await params).traceId);
    // Packing megabytes for a way inside one machine takes longer than the way.
    return new Response(json, { headers: { "content-type": "application/json", "cache-control": "no-transform" } });
  });
}
