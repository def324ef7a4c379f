"use client";
import Link from "next/link";
import { useEffect } from "react";
import { ask } from "#lib/browser/api.ts";
import type { Mention } from "#lib/model/comment.ts";
import type { MentionsReply } from "#lib/wire/comments.ts";
import { sharingPaths } from "#lib/wire/sharing-paths.ts";
import { TimeText } from "./text.tsx";
import { useAnswer } from "./trace-answer.tsx";
import "./sharing.css";

/** Where the reader was called by name; seen once this is. */
export function HomeMentions() {
  const { value } = useAnswer<MentionsReply>(sharingPaths.mentions());
  const unseen = value?.unseen ?? 0;
  useEffect(() => {
    if (unseen === 0) return;
    ask<MentionsReply>(sharingPaths.mentions(), "POST").catch((error: unknown) =>
      console.warn("the mentions could not be marked as seen:", error)
    );
  }, [unseen]);
  if (!value || value.mentions.length === 0) return null;
  return (
    <section aria-label="Mentions of you">
      <h2 style={{ marginBottom: 12 }}>Mentions of you</h2>
      <ul className="comment-list">
        {value.mentions.slice(0, 8).map((mention) => (
          <li key={mention.commentId} className="card" style={{ padding: "8px 12px" }}>
            <div className="row" style={{ fontSize: 13 }}>
              {mention.isSeen ? null : <span className="chip status-busy">new</span>}
              <span className="grow">
                <strong>{mention.by}</strong> on <Link href={addressOf(mention)}>{titleOf(mention)}</Link>
              </span>
              <span className="faint">
                <TimeText short atMs={mention.writtenAtMs} />
              </span>
            </div>
            <p className="comment-body">
              {mention.body.length > 300 ? `${mention.body.slice(0, 300)}…` : mention.body}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function titleOf({ object, title, place }: Mention): string {
  if (object.kind === "trace") return `trace ${object.id.slice(0, 8)}`;
  return place === null ? title : `${title} · ${place}`;
}

function addressOf({ object, place }: Mention): string {
  const id = encodeURIComponent(object.id);
  if (object.kind === "workbook") return `/workbooks/${id}${place === null ? "" : `#${encodeURIComponent(place)}`}`;
  return `/traces/${id}?comments${place === null ? "" : `&span=${encodeURIComponent(place)}`}`;
}
