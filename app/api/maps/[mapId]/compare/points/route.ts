import { parsePopulation } from "#lib/wire/map-compare.ts";
import { arrowPoints } from "../../../../../arrow-points.ts";
import { onMap } from "../../on-map.ts";

export const GET = onMap(async ({ bench: { compareMap }, scope, params, request }) => {
  const query = new URL(request.url).searchParams;
  const { mapId } = params;
  const [a, b] = ["a", "b"].map((side) => parsePopulation(query.get(side) ?? ""));
  return arrowPoints(await compareMap.sides(scope, mapId, a!, b!, request.signal), []);
});
