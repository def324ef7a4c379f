import { parseDraftRequest } from "#lib/wire/drafts.ts";
import { planDraft } from "#lib/work/draft-from-labels.ts";
import { answer } from "../../../answer.ts";
import { workbench } from "../../../workbench.ts";

export function POST(request: Request): Promise<Response> {
  return answer(async () => {
    const asked = parseDraftRequest(await request.json());
    const bench = workbench();
    return planDraft(bench, await bench.scope(), asked);
  });
}
