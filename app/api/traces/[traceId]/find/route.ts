import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

/** Where `?words` are in the texts of one trace's spans. */
export function GET(
  request: Request,
  { params }: { readonly params: Promise<{ readonly traceId: string }> }
): Promise<Response> {
  return answer(async () => {
    const { traces, scope } = workbench();
    const words = new URL(request.url).searchParams.get("words") ?? "";
    return traces.find(await scope(), (await params).traceId, words, request.signal);
  });
}
