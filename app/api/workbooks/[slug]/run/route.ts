import { coversUnits } from "#lib/model/scope.ts";
import { parseRunRequest } from "#lib/wire/workbook.ts";
import { requireOwnText } from "#lib/work/edit-workbooks.ts";
import { scopeFor } from "../../../../answer.ts";
import { streamEvents } from "../../../../stream-events.ts";
import { onWorkbook } from "../../on-workbook.ts";

export const POST = onWorkbook("run", "view", async ({ bench, scope, access, params, request }) => {
  const { desk, workbooks } = bench;
  const asked = parseRunRequest(await request.json());
  const { slug } = params;
  const stored = await workbooks.find(scope, slug);
  requireOwnText(access, slug, asked.text, stored?.text);
  const revision = stored?.text === asked.text ? stored.revision : null;
  // Kept when the whole workbook ran; a page that is closed does not stop what others may wait for.
  const options = { trigger: "page", revision, occurrenceMs: null, record: asked.cells === "all" } as const;
  const holds = async () => {
    const now = await scopeFor(bench, request.headers, "run");
    return coversUnits(now, scope) && (await workbooks.accessTo(now, slug)) !== undefined;
  };
  return streamEvents(desk.run(scope, slug, asked, { ...options, holds }, new AbortController().signal));
});

export const DELETE = onWorkbook("run", "view", async ({ bench: { desk }, scope, params }) => {
  await desk.stop(scope, params.slug);
});
