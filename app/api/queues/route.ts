import { parseQueueRequest, type QueuesReply } from "#lib/wire/selections.ts";
import { fillQueue } from "#lib/work/fill-queue.ts";
import { answer } from "../../answer.ts";
import { workbench } from "../../workbench.ts";

export function GET(): Promise<Response> {
  return answer(async (): Promise<QueuesReply> => {
    const { queues, scope } = workbench();
    return { queues: await queues.list(await scope()) };
  });
}

export function POST(request: Request): Promise<Response> {
  return answer(async () => {
    const asked = parseQueueRequest(await request.json());
    const bench = workbench();
    return fillQueue(bench, await bench.scope(), asked);
  });
}
