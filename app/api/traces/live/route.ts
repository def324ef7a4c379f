import { parseSince, parseTraceFilter } from "#lib/wire/trace-filter.ts";
import { answer } from "../../../answer.ts";
import { streamLive } from "../../../stream-live.ts";

/** What comes into the lake under a filter, as it comes. */
export const GET = answer("read", async ({ bench: { traceTail }, scope, request, scopeNow }) => {
  const query = new URL(request.url).searchParams;
  const since = parseSince(request.headers.get("last-event-id") ?? query.get("since"));
  const stop = new AbortController();
  request.signal.addEventListener("abort", () => stop.abort(), { once: true });
  return streamLive(await traceTail.listen(scope, parseTraceFilter(query), since, stop.signal), stop, scopeNow);
});
