import { parseReviewRequest } from "#lib/wire/review.ts";
import { readProgress, review } from "#lib/work/review-item.ts";
import { answer } from "../../../../answer.ts";

export const GET = answer<{ readonly queueId: string }>("annotate", async ({ bench, scope, params }) => {
  return readProgress(bench, scope, params.queueId);
});

export const POST = answer<{ readonly queueId: string }>("annotate", async ({ bench, scope, params, request }) => {
  const asked = parseReviewRequest(await request.json());
  return review(bench, scope, params.queueId, asked);
});
