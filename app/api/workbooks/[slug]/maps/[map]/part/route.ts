import { formatTextNeighbours, parsePartRequest } from "#lib/wire/text-neighbours.ts";
import { onWorkbook } from "../../../../on-workbook.ts";

export const POST = onWorkbook<{ readonly slug: string; readonly map: string }>(
  "run",
  "view",
  async ({ bench: { mapParts }, scope, params, request }) => {
    const { traceIds } = parsePartRequest(await request.json());
    const { slug, map } = params;
    const near = await mapParts.readCell(scope, slug, map, traceIds, request.signal);
    return new Response(formatTextNeighbours(near), { headers: { "content-type": "application/octet-stream" } });
  }
);
