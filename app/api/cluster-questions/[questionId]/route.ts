import { parseClusterJudgementRequest } from "#lib/wire/cluster-questions.ts";
import { judgeCluster, readQuestion } from "#lib/work/review-cluster.ts";
import { answer } from "../../../answer.ts";

type Params = { readonly questionId: string };

export const GET = answer<Params>("annotate", async ({ bench: { clusterReview }, scope, params }) =>
  readQuestion(clusterReview, scope, params.questionId)
);

export const POST = answer<Params>("annotate", async ({ bench: { clusterReview }, scope, params, request }) =>
  judgeCluster(clusterReview, scope, params.questionId, parseClusterJudgementRequest(await request.json()))
);
