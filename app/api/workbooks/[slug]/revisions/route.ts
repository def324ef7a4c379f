import { answer } from "../../../../answer.ts";

export const GET = answer<{ readonly slug: string }>("read", async ({ bench: { workbooks }, scope, params }) => {
  return { revisions: await workbooks.listRevisions(scope, params.slug) };
});
