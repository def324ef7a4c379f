import { parseRunRequest } from "#lib/wire/workbook.ts";
import { answer } from "../../../../answer.ts";
import { streamEvents } from "../../../../stream-events.ts";
import { workbench } from "../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly slug: string }>;
}

export function POST(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const asked = parseRunRequest(await request.json());
    const { slug } = await params;
    const { desk, scope, workbooks } = workbench();
    const owner = await scope();
    const stored = await workbooks.find(owner, slug);
    const revision = stored?.text === asked.text ? stored.revision : null;
    // Kept when the whole workbook ran; a page that is closed does not stop what others may wait for.
    const options = { trigger: "page", revision, occurrenceMs: null, record: asked.cells === "all" } as const;
    return streamEvents(desk.run(owner, slug, asked, options, new AbortController().signal));
  });
}

export function DELETE(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { desk, scope } = workbench();
    await desk.stop(await scope(), (await params).slug);
  });
}
