import { formatTextNeighbours, parsePartRequest } from "#lib/wire/text-neighbours.ts";
import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly mapId: string }>;
}

export function POST(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { traceIds } = parsePartRequest(await request.json());
    const { mapParts, scope } = workbench();
    const near = await mapParts.readKept(await scope(), (await params).mapId, traceIds, request.signal);
    return new Response(formatTextNeighbours(near), { headers: { "content-type": "application/octet-stream" } });
  });
}
