import { parseCommentRequest } from "#lib/wire/comments.ts";
import { readComments, writeComment } from "#lib/work/comment-on.ts";
import { onWorkbook } from "../../on-workbook.ts";

export const GET = onWorkbook("read", "view", async ({ bench, scope, params }) =>
  readComments(bench, scope, { kind: "workbook", id: params.slug })
);

export const POST = onWorkbook("read", "comment", async ({ bench, scope, params, request }) =>
  writeComment(bench, scope, { kind: "workbook", id: params.slug }, parseCommentRequest(await request.json()))
);
