import { parseCommentRequest } from "#lib/wire/comments.ts";
import { findTraceObject, readComments, writeComment } from "#lib/work/comment-on.ts";
import { answer } from "../../../../answer.ts";

type Params = { readonly traceId: string };

export const GET = answer<Params>("read", async ({ bench, scope, params }) =>
  readComments(bench, scope, await findTraceObject(bench, scope, params.traceId))
);

export const POST = answer<Params>("annotate", async ({ bench, scope, params, request }) => {
  const asked = parseCommentRequest(await request.json());
  return writeComment(bench, scope, await findTraceObject(bench, scope, params.traceId), asked);
});
