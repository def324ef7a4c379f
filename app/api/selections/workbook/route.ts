import { parseSelectionWorkbookRequest, type SelectionWorkbookReply } from "#lib/wire/selections.ts";
import { draftScorerWorkbook, openCohort } from "#lib/work/draft-scorer.ts";
import { answer } from "../../../answer.ts";
import { workbench } from "../../../workbench.ts";

export function POST(request: Request): Promise<Response> {
  return answer(async (): Promise<SelectionWorkbookReply> => {
    const { selection, holds } = parseSelectionWorkbookRequest(await request.json());
    const bench = workbench();
    const make = holds === "scorer" ? draftScorerWorkbook : openCohort;
    const { slug } = await make(bench, await bench.scope(), selection);
    return { slug };
  });
}
