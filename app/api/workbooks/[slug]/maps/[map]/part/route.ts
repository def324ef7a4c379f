import { formatTextNeighbours, parsePartRequest } from "#lib/wire/text-neighbours.ts";
import { answer } from "../../../../../../answer.ts";
import { workbench } from "../../../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly slug: string; readonly map: string }>;
}

export function POST(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { traceIds } = parsePartRequest(await request.json());
    const { slug, map } = await params;
    const { mapParts, scope } = workbench();
    const near = await mapParts.readCell(await scope(), slug, map, traceIds, request.signal);
    return new Response(formatTextNeighbours(near), { headers: { "content-type": "application/octet-stream" } });
  });
}
