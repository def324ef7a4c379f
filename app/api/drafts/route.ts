import { type DraftReply, parseDraftLabelsRequest, parseDraftRequest } from "#lib/wire/drafts.ts";
import { draftFromLabels, listDraftLabels } from "#lib/work/draft-from-labels.ts";
import { answer } from "../../answer.ts";

export const GET = answer("run", async ({ bench, scope, request }) => {
  const asked = parseDraftLabelsRequest(new URL(request.url).searchParams);
  return listDraftLabels(bench, scope, asked);
});

export const POST = answer("run", async ({ bench, scope, request }): Promise<DraftReply> => {
  const asked = parseDraftRequest(await request.json());
  return draftFromLabels(bench, scope, asked, request.signal);
});
