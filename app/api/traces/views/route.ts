import { parseSavedViewRequest } from "#lib/wire/saved-views.ts";
import { answer } from "../../../answer.ts";
import { workbench } from "../../../workbench.ts";

export function GET(): Promise<Response> {
  return answer(async () => {
    const { savedViews, scope } = workbench();
    return { views: await savedViews.list(await scope()) };
  });
}

export function POST(request: Request): Promise<Response> {
  return answer(async () => {
    const view = parseSavedViewRequest(await request.json());
    const { savedViews, scope } = workbench();
    return savedViews.save(await scope(), view);
  });
}
