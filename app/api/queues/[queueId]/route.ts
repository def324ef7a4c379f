import { parseOffset } from "#lib/wire/selections.ts";
import { openQueue } from "#lib/work/queue-page.ts";
import { answer } from "../../../answer.ts";
import { workbench } from "../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly queueId: string }>;
}

export function GET(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const offset = parseOffset(new URL(request.url).searchParams);
    const bench = workbench();
    return openQueue(bench, await bench.scope(), (await params).queueId, offset);
  });
}

export function DELETE(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { queues, scope } = workbench();
    await queues.remove(await scope(), (await params).queueId);
  });
}
