import { parseReviewRequest } from "#lib/wire/review.ts";
import { review } from "#lib/work/review-item.ts";
import { answer } from "../../../../answer.ts";
import { listUnitsOf } from "../../../../units-of.ts";

export const GET = answer<{ readonly queueId: string }>("annotate", async ({ bench, scope, params, request }) => {
  const [administered, exported] = await Promise.all([
    listUnitsOf(bench, request.headers, "administer"),
    listUnitsOf(bench, request.headers, "export")
  ]);
  const numbers = await bench.queueStatistics.read(scope, administered, params.queueId);
  return { ...numbers, canExport: exported.some((unit) => scope.businessUnits.includes(unit)) };
});

export const POST = answer<{ readonly queueId: string }>("annotate", async ({ bench, scope, params, request }) => {
  const asked = parseReviewRequest(await request.json());
  return review(bench, scope, params.queueId, asked);
});
