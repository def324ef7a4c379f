import { buildMap } from "#lib/map/build-map.ts";
import { keepMap, placeTexts, prepareFor } from "#lib/map/keep-map.ts";
import type { OnProgress } from "#lib/map/map-progress.ts";
import { findTextNeighbours } from "#lib/map/text-neighbours.ts";
import type { MapBuilder, MapProgress } from "#lib/ports/map-builder.ts";

const tell =
  (onProgress: (progress: MapProgress) => void): OnProgress =>
  (step, done, total) =>
    onProgress({ step, done, total });

/** Makes real maps in this very thread: for tests of what is done with maps, rather than of the threads that make them. */
export const builderHere: MapBuilder = {
  prepare: async ({ projection, texts, boilerplate }) => prepareFor(projection, texts, boilerplate),
  build: async (request, onProgress) => buildMap(request, tell(onProgress)),
  freeze: async (request, onProgress) => keepMap(request, tell(onProgress)),
  place: async (projection, texts, _signal, given = null) => placeTexts(projection, texts, given),
  neighbours: async (request) => findTextNeighbours(request),
  close: async () => undefined
};
