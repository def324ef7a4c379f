import { parsePopulation } from "#lib/wire/map-compare.ts";
import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly mapId: string }>;
}

export function GET(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { compareMap, scope } = workbench();
    const [own, { mapId }, query] = [await scope(), await params, new URL(request.url).searchParams];
    const [a, b] = [query.get("a"), query.get("b")];
    if (a === null || b === null) return compareMap.choices(own, mapId);
    return compareMap.compare(own, mapId, parsePopulation(a), parsePopulation(b));
  });
}
