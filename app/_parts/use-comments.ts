"use client";
import { useCallback, useEffect, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import type { CommentMark } from "#lib/model/comment.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { CommentRequest, CommentsReply } from "#lib/wire/comments.ts";
import { sharingPaths } from "#lib/wire/sharing-paths.ts";

/** What is said about one thing, and how to join in. */
export interface TalkedAbout {
  readonly reply: CommentsReply | null;
  readonly fault: FaultReport | null;
  /** False where it was refused, and why is in `fault`. */
  readonly write: (request: CommentRequest) => Promise<boolean>;
  readonly mark: (commentId: string, mark: CommentMark) => Promise<boolean>;
}

/** Comments of a workbook or a trace, read once and after each change. @param path  null reads nothing yet */
export function useComments(path: string | null): TalkedAbout {
  const [reply, setReply] = useState<CommentsReply | null>(null);
  const [fault, setFault] = useState<FaultReport | null>(null);
  const attempt = useCallback(async (work: () => Promise<CommentsReply>): Promise<boolean> => {
    try {
      setReply(await work());
      setFault(null);
      return true;
    } catch (error) {
      setFault(reportOf(error));
      return false;
    }
  }, []);
  useEffect(() => {
    if (path !== null) void attempt(() => ask<CommentsReply>(path));
  }, [path, attempt]);
  return {
    reply,
    fault,
    write: (request) => attempt(() => ask<CommentsReply>(path ?? "", "POST", request)),
    mark: (commentId, mark) =>
      attempt(async () => {
        await ask<null>(sharingPaths.comment(commentId), "POST", { mark });
        return ask<CommentsReply>(path ?? "");
      })
  };
}
