import { parseDraftRequest } from "#lib/wire/drafts.ts";
import { planDraft } from "#lib/work/draft-from-labels.ts";
import { answer } from "../../../answer.ts";

export const POST = answer("run", async ({ bench, scope, request }) => {
  const asked = parseDraftRequest(await request.json());
  return planDraft(bench, scope, asked);
});
