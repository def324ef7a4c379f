import { agentsHeader } from "#lib/wire/maps.ts";
import { windowHeaders } from "#lib/wire/window.ts";
import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly mapId: string }>;
}

export function GET(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { mapReader, scope } = workbench();
    const { bytes, cut, agents } = await mapReader.points(await scope(), (await params).mapId, request.signal);
    return new Response(bytes as BodyInit, {
      headers: {
        "content-type": "application/vnd.apache.arrow.stream",
        [windowHeaders.cut]: String(cut),
        [agentsHeader]: encodeURIComponent(JSON.stringify(agents))
      }
    });
  });
}
