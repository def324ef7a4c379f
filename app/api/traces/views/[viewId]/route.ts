import { parseSavedViewRequest } from "#lib/wire/saved-views.ts";
import { answer } from "../../../../answer.ts";

export const PUT = answer<{ readonly viewId: string }>(
  "read",
  async ({ bench: { savedViews }, scope, params, request }) => {
    const view = parseSavedViewRequest(await request.json());
    return savedViews.change(scope, params.viewId, view);
  }
);

export const DELETE = answer<{ readonly viewId: string }>("read", async ({ bench: { savedViews }, scope, params }) => {
  await savedViews.remove(scope, params.viewId);
});
