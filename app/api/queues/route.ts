import { parseQueueRequest, type QueuesReply } from "#lib/wire/selections.ts";
import { fillQueue } from "#lib/work/fill-queue.ts";
import { answer } from "../../answer.ts";

export const GET = answer("annotate", async ({ bench: { queues }, scope }): Promise<QueuesReply> => {
  return { queues: await queues.list(scope) };
});

export const POST = answer("administer", async ({ bench, scope, request }) => {
  const asked = parseQueueRequest(await request.json());
  return fillQueue(bench, scope, asked);
});
