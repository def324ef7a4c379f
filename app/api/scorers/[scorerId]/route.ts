import { readScorer } from "#lib/work/scorer-pages.ts";
import { answer } from "../../../answer.ts";
import { workbench } from "../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly scorerId: string }>;
}

export function GET(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { scorerPages, scope } = workbench();
    return readScorer(scorerPages, await scope(), (await params).scorerId);
  });
}
