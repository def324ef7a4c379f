import { Fault, faultOf } from "#lib/model/fault.ts";
import type { TitlesEvent, TitlesRequest, TitlesWritten } from "#lib/wire/cluster-titles.ts";
import { paths } from "#lib/wire/paths.ts";
import { send } from "./api.ts";
import { readLines } from "./event-stream.ts";

/**
 * Has the titles of a map's clusters written and follows it.
 *
 * @param heard  called with titles so far, of how many, and what they cost
 * @throws Fault when they could not be written
 */
export async function followTitles(
  mapId: string,
  request: TitlesRequest,
  heard: (done: number, total: number, costUsd: number | null) => void,
  signal: AbortSignal
): Promise<TitlesWritten> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(request);
  const response = await send(paths.mapTitles(mapId), { method: "POST", headers, body, signal });
  if (!response.body) throw new Fault("broken", "the server answered without a stream");
  for await (const line of readLines(response.body)) {
    const event = JSON.parse(line) as TitlesEvent;
    if (event.kind === "written") return event;
    if (event.kind === "fault") throw faultOf(event.fault);
    heard(event.done, event.total, event.costUsd);
  }
  throw new Fault("broken", "the workbench stopped before the titles were written", {
    hint: "Those that were written are kept; ask for the others again."
  });
}
