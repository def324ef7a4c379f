import type { KeptMap } from "#lib/model/kept-map.ts";
import type { MapEvent } from "#lib/wire/maps.ts";
import { EventQueue } from "#lib/work/event-queue.ts";
import { streamEvents } from "./stream-events.ts";

/** How far one step of the building is. */
type MapStep = Omit<Extract<MapEvent, { readonly kind: "progress" }>, "kind">;

/** The building of a map as lines; it stops when nobody reads on. */
export function streamMap(
  build: (onProgress: (progress: MapStep) => void, signal: AbortSignal) => Promise<KeptMap>
): Response {
  const events = new EventQueue<MapEvent>();
  const leaving = new AbortController();
  build((progress) => events.push({ kind: "progress", ...progress }), leaving.signal).then(
    ({ mapId, version }) => {
      events.push({ kind: "kept", mapId, version: version.version });
      events.end();
    },
    (error: unknown) => events.end(error)
  );
  return streamEvents(events, () => leaving.abort());
}
