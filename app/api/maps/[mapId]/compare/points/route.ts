import { parsePopulation } from "#lib/wire/map-compare.ts";
import { answer } from "../../../../../answer.ts";
import { arrowPoints } from "../../../../../arrow-points.ts";

export const GET = answer<{ readonly mapId: string }>(
  "read",
  async ({ bench: { compareMap }, scope, params, request }) => {
    const query = new URL(request.url).searchParams;
    const { mapId } = params;
    const [a, b] = ["a", "b"].map((side) => parsePopulation(query.get(side) ?? ""));
    return arrowPoints(await compareMap.sides(scope, mapId, a!, b!, request.signal), []);
  }
);
