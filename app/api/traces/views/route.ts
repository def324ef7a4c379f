import { parseSavedViewRequest } from "#lib/wire/saved-views.ts";
import { answer } from "../../../answer.ts";

export const GET = answer("read", async ({ bench: { savedViews }, scope }) => {
  return { views: await savedViews.list(scope) };
});

export const POST = answer("read", async ({ bench: { savedViews }, scope, request }) => {
  const view = parseSavedViewRequest(await request.json());
  return savedViews.save(scope, view);
});
