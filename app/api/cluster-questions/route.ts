import { type ClusterQuestionsReply, parseClusterQuestionRequest } from "#lib/wire/cluster-questions.ts";
import { askExperts, listQuestions } from "#lib/work/review-cluster.ts";
import { answer } from "../../answer.ts";

export const GET = answer("annotate", async ({ bench, scope, request }): Promise<ClusterQuestionsReply> => {
  const mapId = new URL(request.url).searchParams.get("map") ?? undefined;
  return { questions: await listQuestions(bench.clusterReview, scope, mapId) };
});

export const POST = answer("run", async ({ bench, scope, request }) =>
  askExperts(bench.clusterReview, scope, parseClusterQuestionRequest(await request.json()))
);
