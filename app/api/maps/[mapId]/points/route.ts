import { answer } from "../../../../answer.ts";
import { arrowPoints } from "../../../../arrow-points.ts";
import { workbench } from "../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly mapId: string }>;
}

export function GET(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { mapReader, mapColumns, scope } = workbench();
    const [own, { mapId }, query] = [await scope(), await params, new URL(request.url).searchParams];
    const [column, after] = [query.get("column"), Number(query.get("after") ?? 0) || 0];
    if (column === null) {
      const points = await mapReader.points(own, mapId, after, request.signal);
      return arrowPoints(points, points.agents);
    }
    const read = await mapColumns.read(own, mapId, column, after, request.signal);
    return arrowPoints(read, read.words);
  });
}
