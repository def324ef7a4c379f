import { parsePopulation } from "#lib/wire/map-compare.ts";
import { onMap } from "../on-map.ts";

export const GET = onMap(async ({ bench: { compareMap }, scope, params, request }) => {
  const query = new URL(request.url).searchParams;
  const { mapId } = params;
  const [a, b] = [query.get("a"), query.get("b")];
  if (a === null || b === null) return compareMap.choices(scope, mapId);
  return compareMap.compare(scope, mapId, parsePopulation(a), parsePopulation(b));
});
