import { arrowPoints } from "../../../../arrow-points.ts";
import { onMap } from "../on-map.ts";

export const GET = onMap(async ({ bench: { mapReader, mapColumns }, scope, params, request }) => {
  const query = new URL(request.url).searchParams;
  const { mapId } = params;
  const [column, after] = [query.get("column"), Number(query.get("after") ?? 0) || 0];
  if (column === null) {
    const points = await mapReader.points(scope, mapId, after, request.signal);
    return arrowPoints(points, points.agents);
  }
  const read = await mapColumns.read(scope, mapId, column, after, request.signal);
  return arrowPoints(read, read.words);
});
