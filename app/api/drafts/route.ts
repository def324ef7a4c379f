import { type DraftReply, parseDraftLabelsRequest, parseDraftRequest } from "#lib/wire/drafts.ts";
import { draftFromLabels, listDraftLabels } from "#lib/work/draft-from-labels.ts";
import { answer } from "../../answer.ts";
import { workbench } from "../../workbench.ts";

export function GET(request: Request): Promise<Response> {
  return answer(async () => {
    const asked = parseDraftLabelsRequest(new URL(request.url).searchParams);
    const bench = workbench();
    return listDraftLabels(bench, await bench.scope(), asked);
  });
}

export function POST(request: Request): Promise<Response> {
  return answer(async (): Promise<DraftReply> => {
    const asked = parseDraftRequest(await request.json());
    const bench = workbench();
    return draftFromLabels(bench, await bench.scope(), asked, request.signal);
  });
}
