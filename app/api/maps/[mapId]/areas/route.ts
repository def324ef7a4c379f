import { parseAreaRequest } from "#lib/wire/maps.ts";
import { answer } from "../../../../answer.ts";

export const PUT = answer<{ readonly mapId: string }>(
  "run",
  async ({ bench: { keptMaps }, scope, params, request }) => {
    const area = parseAreaRequest(await request.json());
    await keptMaps.keepArea(scope, params.mapId, area);
  }
);

export const DELETE = answer<{ readonly mapId: string }>(
  "run",
  async ({ bench: { keptMaps }, scope, params, request }) => {
    const name = new URL(request.url).searchParams.get("name") ?? "";
    await keptMaps.removeArea(scope, params.mapId, name);
  }
);
