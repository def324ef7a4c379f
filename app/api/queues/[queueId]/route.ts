import { parseOffset } from "#lib/wire/selections.ts";
import { openQueue } from "#lib/work/queue-page.ts";
import { answer } from "../../../answer.ts";

export const GET = answer<{ readonly queueId: string }>("annotate", async ({ bench, scope, params, request }) => {
  const offset = parseOffset(new URL(request.url).searchParams);
  const opened = await openQueue(bench, scope, params.queueId, offset);
  const object = { kind: "queue", id: params.queueId };
  await bench.reads.note(scope, { action: "queue.view", object, units: opened.queue.businessUnits });
  return opened;
});

export const DELETE = answer<{ readonly queueId: string }>(
  "administer",
  async ({ bench: { queues }, scope, params }) => {
    await queues.remove(scope, params.queueId);
  }
);
