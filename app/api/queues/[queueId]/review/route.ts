import { parseReviewRequest } from "#lib/wire/review.ts";
import { review } from "#lib/work/review-item.ts";
import { answer } from "../../../../answer.ts";

export const GET = answer<{ readonly queueId: string }>("annotate", async ({ bench, scope, scopeOf, params }) => {
  const numbers = await bench.queueStatistics.read(scope, scopeOf("administer").businessUnits, params.queueId);
  return { ...numbers, canExport: scopeOf("export").businessUnits.some((unit) => scope.businessUnits.includes(unit)) };
});

export const POST = answer<{ readonly queueId: string }>("annotate", async ({ bench, scope, params, request }) => {
  const asked = parseReviewRequest(await request.json());
  return review(bench, scope, params.queueId, asked);
});
