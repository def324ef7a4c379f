import { formatTextNeighbours, parsePartRequest } from "#lib/wire/text-neighbours.ts";
import { onMap } from "../on-map.ts";

export const POST = onMap(async ({ bench: { mapParts }, scope, params, request }) => {
  const { traceIds } = parsePartRequest(await request.json());
  const near = await mapParts.readKept(scope, params.mapId, traceIds, request.signal);
  return new Response(formatTextNeighbours(near), { headers: { "content-type": "application/octet-stream" } });
});
