import { parseRubricRequest } from "#lib/wire/rubric.ts";
import { answer } from "../../../../answer.ts";

export const PUT = answer<{ readonly queueId: string }>(
  "administer",
  async ({ bench: { queues }, scope, params, request }) => {
    const { baseVersion, rubric } = parseRubricRequest(await request.json());
    return queues.changeRubric(scope, params.queueId, baseVersion, rubric);
  }
);
