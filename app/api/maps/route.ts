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
    const { mapKeeper, scope } = workbench();
    const owner = await scope();
    return streamMap((onProgress, signal) => mapKeeper.keep(owner, { title, ground }, onProgress, signal));
  });
}
