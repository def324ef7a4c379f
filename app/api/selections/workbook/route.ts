import { parseSelectionWorkbookRequest, type SelectionWorkbookReply } from "#lib/wire/selections.ts";
import { draftScorerWorkbook, openCohort } from "#lib/work/draft-scorer.ts";
import { answer } from "../../../answer.ts";

export const POST = answer("run", async ({ bench, scope, request }): Promise<SelectionWorkbookReply> => {
  const { selection, holds } = parseSelectionWorkbookRequest(await request.json());
  const make = holds === "scorer" ? draftScorerWorkbook : openCohort;
  const { slug } = await make(bench, scope, selection);
  return { slug };
});
