import { readScorer } from "#lib/work/scorer-pages.ts";
import { answer } from "../../../answer.ts";

export const GET = answer<{ readonly scorerId: string }>("read", async ({ bench: { scorerPages }, scope, params }) => {
  return readScorer(scorerPages, scope, params.scorerId);
});
