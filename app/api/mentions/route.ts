import { readMentions } from "#lib/work/comment-on.ts";
import { answer } from "../../answer.ts";

/** Where the reader is mentioned. Every page asks: who may not read is told of none, and is not refused each time. */
export const GET = answer("signed-in", async ({ bench, scopeOf }) => readMentions(bench, scopeOf("read")));

/** The reader has seen them. */
export const POST = answer("signed-in", async ({ bench, scopeOf }) => {
  const scope = scopeOf("read");
  await bench.comments.markSeen(scope);
  return readMentions(bench, scope);
});
