import { parseSavedViewRequest } from "#lib/wire/saved-views.ts";
import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly viewId: string }>;
}

export function PUT(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const view = parseSavedViewRequest(await request.json());
    const { savedViews, scope } = workbench();
    return savedViews.change(await scope(), (await params).viewId, view);
  });
}

export function DELETE(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { savedViews, scope } = workbench();
    await savedViews.remove(await scope(), (await params).viewId);
  });
}
