import { parseKeptMapChange } from "#lib/wire/maps.ts";
import { answer } from "../../../answer.ts";
import { streamMap } from "../../../stream-map.ts";

export const GET = answer<{ readonly mapId: string }>("read", async ({ bench: { mapReader }, scope, params }) => {
  return mapReader.open(scope, params.mapId);
});

export const POST = answer<{ readonly mapId: string }>(
  "run",
  async ({ bench: { mapKeeper, mapTitler }, scope, params }) => {
    const { mapId } = params;
    return streamMap(async (onProgress, signal) => {
      const map = await mapKeeper.rebuild(scope, mapId, onProgress, signal);
      return mapTitler.settle(scope, map, onProgress, signal);
    });
  }
);

export const PATCH = answer<{ readonly mapId: string }>(
  "run",
  async ({ bench: { keptMaps }, scope, params, request }) => {
    const change = parseKeptMapChange(await request.json());
    const { mapId } = params;
    if ("title" in change) await keptMaps.rename(scope, mapId, change.title);
    else await keptMaps.nameCluster(scope, mapId, change.clusterId, change.name.trim() === "" ? null : change.name);
  }
);

export const DELETE = answer<{ readonly mapId: string }>("run", async ({ bench: { mapKeeper }, scope, params }) => {
  await mapKeeper.remove(scope, params.mapId);
});
