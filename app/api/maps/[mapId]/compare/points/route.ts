import { parsePopulation } from "#lib/wire/map-compare.ts";
import { answer } from "../../../../../answer.ts";
import { arrowPoints } from "../../../../../arrow-points.ts";
import { workbench } from "../../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly mapId: string }>;
}

export function GET(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { compareMap, scope } = workbench();
    const [own, { mapId }, query] = [await scope(), await params, new URL(request.url).searchParams];
    const [a, b] = ["a", "b"].map((side) => parsePopulation(query.get(side) ?? ""));
    return arrowPoints(await compareMap.sides(own, mapId, a!, b!, request.signal), []);
  });
}
