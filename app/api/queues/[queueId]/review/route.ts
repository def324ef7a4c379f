import { parseReviewRequest } from "#lib/wire/review.ts";
import { readProgress, review } from "#lib/work/review-item.ts";
import { answer } from "../../../../answer.ts";
import { workbench } from "../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly queueId: string }>;
}

export function GET(_request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const bench = workbench();
    return readProgress(bench, await bench.scope(), (await params).queueId);
  });
}

export function POST(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const asked = parseReviewRequest(await request.json());
    const bench = workbench();
    return review(bench, await bench.scope(), (await params).queueId, asked);
  });
}
