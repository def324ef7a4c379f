import { parseKeptMapChange } from "#lib/wire/maps.ts";
import { answer } from "../../../answer.ts";
import { streamMap } from "../../../stream-map.ts";
import { workbench } from "../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly mapId: string }>;
}

export function GET(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { mapReader, scope } = workbench();
    return mapReader.open(await scope(), (await params).mapId);
  });
}

export function POST(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { mapKeeper, mapTitler, scope } = workbench();
    const [owner, { mapId }] = [await scope(), await params];
    return streamMap(async (onProgress, signal) => {
      const map = await mapKeeper.rebuild(owner, mapId, onProgress, signal);
      return mapTitler.settle(owner, map, onProgress, signal);
    });
  });
}

export function PATCH(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const change = parseKeptMapChange(await request.json());
    const { keptMaps, scope } = workbench();
    const [owner, { mapId }] = [await scope(), await params];
    if ("title" in change) await keptMaps.rename(owner, mapId, change.title);
    else await keptMaps.nameCluster(owner, mapId, change.clusterId, change.name.trim() === "" ? null : change.name);
  });
}

export function DELETE(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { mapKeeper, scope } = workbench();
    await mapKeeper.remove(await scope(), (await params).mapId);
  });
}
