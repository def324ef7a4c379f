import { paths } from "#lib/wire/paths.ts";
import type { TracesReply } from "#lib/wire/traces.ts";
import { ask } from "./api.ts";
import type { MapPoints } from "./scatter-rows.ts";

/** Traces that a search of the map looks at, at most. */
export const mostMatches = 5_000;

/** Finds the points of a map whose traces hold words. */
export function searchPoints(points: Pick<MapPoints, "maskTraces">) {
  return async (words: string, signal: AbortSignal) => {
    const { ids, cut } = await findTraceIds(words, signal);
    return { mask: await points.maskTraces(ids), cut };
  };
}

/** Ids of traces in which words occur, the newest first. @returns `cut` when there are more than the map looks at */
export async function findTraceIds(
  words: string,
  signal: AbortSignal
): Promise<{ readonly ids: ReadonlySet<string>; readonly cut: boolean }> {
  const ids = new Set<string>();
  let before: string | null = null;
  do {
    const query = new URLSearchParams({ text: words, limit: "500" });
    if (before) query.set("before", before);
    const page: TracesReply = await ask<TracesReply>(`${paths.traces()}?${query}`, "GET", undefined, signal);
    for (const { traceId } of page.traces) ids.add(traceId);
    before = page.next;
  } while (before && ids.size < mostMatches);
  return { ids, cut: before !== null };
}
