import { recall } from "#lib/model/recall.ts";
import type { TraceSummary } from "#lib/model/trace.ts";
import { paths } from "#lib/wire/paths.ts";
import { ask } from "./api.ts";

/** Traces that are remembered, those that were asked for last. */
const most = 200;
const known = new Map<string, Promise<TraceSummary>>();

/** What the list says of a trace; asked for once, as long as others are not looked at. @throws Fault `missing` */
export const readSummary = (traceId: string): Promise<TraceSummary> =>
  recall(known, traceId, most, () => ask<TraceSummary>(paths.traceSummary(traceId)));
