import { parseKeepMapRequest } from "#lib/wire/maps.ts";
import { answer } from "../../answer.ts";
import { streamMap } from "../../stream-map.ts";
import { workbench } from "../../workbench.ts";

export function GET(): Promise<Response> {
  return answer(async () => {
    const { mapReader, scope } = workbench();
    return { maps: await mapReader.list(await scope()) };
  });
}

export function POST(request: Request): Promise<Response> {
  return answer(async () => {
    const { title, ...ground } = parseKeepMapRequest(await request.json());
    const { mapKeeper, mapTitler, scope } = workbench();
    const owner = await scope();
    return streamMap(async (onProgress, signal) => {
      const map = await mapKeeper.keep(owner, { title, ground }, onProgress, signal);
      return mapTitler.settle(owner, map, onProgress, signal);
    });
  });
}
