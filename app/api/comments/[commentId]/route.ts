import { parseCommentMarkRequest } from "#lib/wire/comments.ts";
import { answer } from "../../../answer.ts";

type Params = { readonly commentId: string };

/** Resolves or reopens a thread, or takes a comment back. */
export const POST = answer<Params>("read", async ({ bench: { comments }, scope, params, request }) => {
  const { mark } = parseCommentMarkRequest(await request.json());
  await comments.mark(scope, params.commentId, mark);
});
