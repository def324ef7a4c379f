import { formatTextNeighbours, parsePartRequest } from "#lib/wire/text-neighbours.ts";
import { answer } from "../../../../../../answer.ts";

export const POST = answer<{ readonly slug: string; readonly map: string }>(
  "run",
  async ({ bench: { mapParts }, scope, params, request }) => {
    const { traceIds } = parsePartRequest(await request.json());
    const { slug, map } = params;
    const near = await mapParts.readCell(scope, slug, map, traceIds, request.signal);
    return new Response(formatTextNeighbours(near), { headers: { "content-type": "application/octet-stream" } });
  }
);
