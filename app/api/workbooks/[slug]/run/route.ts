import { parseRunRequest } from "#lib/wire/workbook.ts";
import { answer } from "../../../../answer.ts";
import { streamEvents } from "../../../../stream-events.ts";

export const POST = answer<{ readonly slug: string }>(
  "run",
  async ({ bench: { desk, workbooks }, scope, params, request }) => {
    const asked = parseRunRequest(await request.json());
    const { slug } = params;
    const stored = await workbooks.find(scope, slug);
    const revision = stored?.text === asked.text ? stored.revision : null;
    // Kept when the whole workbook ran; a page that is closed does not stop what others may wait for.
    const options = { trigger: "page", revision, occurrenceMs: null, record: asked.cells === "all" } as const;
    return streamEvents(desk.run(scope, slug, asked, options, new AbortController().signal));
  }
);

export const DELETE = answer<{ readonly slug: string }>("run", async ({ bench: { desk }, scope, params }) => {
  await desk.stop(scope, params.slug);
});
