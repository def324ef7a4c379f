import { parseReviewRequest } from "#lib/wire/review.ts";
import { review } from "#lib/work/review-item.ts";
import { listAdministered } from "../../../../administered.ts";
import { answer } from "../../../../answer.ts";

export const GET = answer<{ readonly queueId: string }>("annotate", async ({ bench, scope, params, request }) => {
  return bench.queueStatistics.read(scope, await listAdministered(bench, request.headers), params.queueId);
});

export const POST = answer<{ readonly queueId: string }>("annotate", async ({ bench, scope, params, request }) => {
  const asked = parseReviewRequest(await request.json());
  return review(bench, scope, params.queueId, asked);
});
