import {
  type Comment,
  type CommentMark,
  commentMarks,
  type Mention,
  parseCommentBody,
  type Thread
} from "../model/comment.ts";
import { Fault } from "../model/fault.ts";
import { object, optional, text } from "./parse.ts";

/** A comment with the name of who wrote it. */
export interface NamedComment extends Comment {
  readonly by: string;
  readonly isMine: boolean;
}

/** GET comments of a thing */
export interface CommentsReply {
  readonly threads: readonly (Omit<Thread, "comments"> & { readonly comments: readonly NamedComment[] })[];
  readonly mayComment: boolean;
  /** Names of people who may see the thing and can be mentioned, at most 30. */
  readonly people: readonly string[];
}

/** POST comments of a thing: begins a thread at a place, or answers in one. */
export interface CommentRequest {
  readonly body: string;
  readonly threadId: string | null;
  readonly place: string | null;
}

/** POST a comment: what became of it. */
export interface CommentMarkRequest {
  readonly mark: CommentMark;
}

/** GET mentions */
export interface MentionsReply {
  readonly mentions: readonly (Mention & { readonly by: string })[];
  /** At most 100. */
  readonly unseen: number;
}

/** @throws Fault `invalid` naming the field */
export function parseCommentRequest(body: unknown): CommentRequest {
  const fields = object(body, "the comment");
  const place = optional(fields, "place", text) ?? null;
  if (place !== null && place.length > 200) throw new Fault("invalid", `"place" is no cell and no span`);
  return {
    body: parseCommentBody(text(fields, "body")),
    threadId: optional(fields, "threadId", text) ?? null,
    place
  };
}

/** @throws Fault `invalid` naming the field */
export function parseCommentMarkRequest(body: unknown): CommentMarkRequest {
  const mark = text(object(body, "the mark"), "mark");
  const found = commentMarks.find((one) => one === mark);
  if (!found) throw new Fault("invalid", `"mark" is "${mark.slice(0, 40)}", none of ${commentMarks.join(", ")}`);
  return { mark: found };
}
