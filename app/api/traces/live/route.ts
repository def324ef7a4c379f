import { parseSince, parseTraceFilter } from "#lib/wire/trace-filter.ts";
import { answer } from "../../../answer.ts";
import { streamLive } from "../../../stream-live.ts";
import { workbench } from "../../../workbench.ts";

/** What comes into the lake under a filter, as it comes. */
export function GET(request: Request): Promise<Response> {
  return answer(async () => {
    const query = new URL(request.url).searchParams;
    const since = parseSince(request.headers.get("last-event-id") ?? query.get("since"));
    const { traceTail, scope } = workbench();
    const stop = new AbortController();
    request.signal.addEventListener("abort", () => stop.abort(), { once: true });
    return streamLive(await traceTail.listen(await scope(), parseTraceFilter(query), since, stop.signal), stop);
  });
}
