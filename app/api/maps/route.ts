import { parseKeepMapRequest } from "#lib/wire/maps.ts";
import { answer } from "../../answer.ts";
import { streamMap } from "../../stream-map.ts";

export const GET = answer("read", async ({ bench: { mapReader }, scope }) => {
  return { maps: await mapReader.list(scope) };
});

export const POST = answer("run", async ({ bench: { mapKeeper, mapTitler }, scope, request }) => {
  const { title, ...ground } = parseKeepMapRequest(await request.json());
  return streamMap(async (onProgress, signal) => {
    const map = await mapKeeper.keep(scope, { title, ground }, onProgress, signal);
    return mapTitler.settle(scope, map, onProgress, signal);
  });
});
