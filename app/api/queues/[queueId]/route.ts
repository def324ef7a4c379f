import { parseOffset } from "#lib/wire/selections.ts";
import { openQueue } from "#lib/work/queue-page.ts";
import { answer } from "../../../answer.ts";

export const GET = answer<{ readonly queueId: string }>("annotate", async ({ bench, scope, params, request }) => {
  const offset = parseOffset(new URL(request.url).searchParams);
  return openQueue(bench, scope, params.queueId, offset);
});

export const DELETE = answer<{ readonly queueId: string }>(
  "administer",
  async ({ bench: { queues }, scope, params }) => {
    await queues.remove(scope, params.queueId);
  }
);
