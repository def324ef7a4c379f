import type { TraceSummary } from "#lib/model/trace.ts";
import { paths } from "#lib/wire/paths.ts";
import { ask } from "./api.ts";

/** Traces that are remembered, those that were asked for last. */
const most = 200;
const known = new Map<string, Promise<TraceSummary>>();

/** What the list says of a trace; asked for once, as long as others are not looked at. @throws Fault `missing` */
export function readSummary(traceId: string): Promise<TraceSummary> {
  const summary = known.get(traceId) ?? ask<TraceSummary>(paths.traceSummary(traceId));
  // Taken out and put in again, so that the first is the one that was not asked for longest.
  known.delete(traceId);
  known.set(traceId, summary);
  summary.catch(() => known.delete(traceId));
  for (const oldest of known.keys()) {
    if (known.size <= most) break;
    known.delete(oldest);
  }
  return summary;
}
