import { parseAreaRequest } from "#lib/wire/maps.ts";
import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly mapId: string }>;
}

export function PUT(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const area = parseAreaRequest(await request.json());
    const { keptMaps, scope } = workbench();
    await keptMaps.keepArea(await scope(), (await params).mapId, area);
  });
}

export function DELETE(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const name = new URL(request.url).searchParams.get("name") ?? "";
    const { keptMaps, scope } = workbench();
    await keptMaps.removeArea(await scope(), (await params).mapId, name);
  });
}
