import type { Comment, CommentMark, CommentObject, Mention, Thread } from "../model/comment.ts";
import type { Scope } from "../model/scope.ts";

/** What somebody writes. */
export interface NewComment {
  /** Null begins a thread. */
  readonly threadId: string | null;
  /** Of a new thread. */
  readonly place: string | null;
  readonly body: string;
  /** Ids of people who may see the thing. */
  readonly mentions: readonly string[];
}

/**
 * What people say about workbooks and traces. Who does not see the thing sees no comment on it, and is told that it does
 * not exist. What was written is never changed: it can be taken back.
 */
export interface Comments {
  /** The oldest first. */
  list(scope: Scope, object: CommentObject): Promise<readonly Thread[]>;
  /**
   * @throws Fault `missing` for a thing or thread that the scope does not see; `denied` where it may only view the
   * workbook; `limit` where a thing has too many comments
   */
  write(scope: Scope, object: CommentObject, comment: NewComment): Promise<Comment>;
  /**
   * Says what became of a comment; nothing happens where it stands like that already.
   *
   * @throws Fault `missing` for a comment that the scope does not see; `denied` where it may only view the workbook, or
   * wants to take back what others wrote
   */
  mark(scope: Scope, commentId: string, mark: CommentMark): Promise<void>;
  /** Where the one who asks was mentioned, on things that they still see, the newest first. */
  listMentions(scope: Scope, limit: number): Promise<readonly Mention[]>;
  /** How many of these they have not seen, at most 100. */
  countUnseen(scope: Scope): Promise<number>;
  /** They have seen all that were made until now. */
  markSeen(scope: Scope): Promise<void>;
}
