import { parseRunRequest } from "#lib/wire/workbook.ts";
import { requireOwnText } from "#lib/work/edit-workbooks.ts";
import { streamEvents } from "../../../../stream-events.ts";
import { onWorkbook } from "../../on-workbook.ts";

export const POST = onWorkbook("run", "view", async ({ bench, scope, access, params, request, scopeNow }) => {
  const { desk, workbooks } = bench;
  const asked = parseRunRequest(await request.json());
  const { slug } = params;
  const stored = await workbooks.find(scope, slug);
  requireOwnText(access, slug, asked.text, stored?.text);
  const revision = stored?.text === asked.text ? stored.revision : null;
  // Kept when the whole workbook ran; a page that is closed does not stop what others may wait for.
  const options = { trigger: "page", revision, occurrenceMs: null, record: asked.cells === "all" } as const;
  const holds = async () => {
    const now = await scopeNow();
    return now !== null && (await workbooks.accessTo(now, slug)) !== undefined;
  };
  const run = desk.run(scope, slug, asked, { ...options, holds }, new AbortController().signal);
  return streamEvents(run);
});

export const DELETE = onWorkbook("run", "view", async ({ bench: { desk }, scope, params }) => {
  await desk.stop(scope, params.slug);
});
