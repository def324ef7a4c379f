import { parseSpoken } from "#lib/wire/trace-filter.ts";
import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

/** The conversation of one trace; `?spoken` asks for a longer one. */
export function GET(
  request: Request,
  { params }: { readonly params: Promise<{ readonly traceId: string }> }
): Promise<Response> {
  return answer(async () => {
    const { traces, scope } = workbench();
    const spoken = parseSpoken(new URL(request.url).searchParams);
    return traces.conversation(await scope(), (await params).traceId, spoken);
  });
}
