"use client";
import { useState } from "react";
import type { CommentsReply } from "#lib/wire/comments.ts";
import { Button } from "./button.tsx";
import "./sharing.css";
import { StateNotice } from "./state-notice.tsx";
import { TimeText } from "./text.tsx";
import type { TalkedAbout } from "./use-comments.ts";

type ThreadReply = CommentsReply["threads"][number];

interface CommentThreadsProps {
  readonly talk: TalkedAbout;
  /** Threads of this place alone, and where a new one begins. */
  readonly place: string | null;
  /** Of a thread elsewhere, where `isAll`. */
  readonly onPlace?: (place: string | null) => void;
  /** Shows the threads of all places. */
  readonly isAll?: boolean;
}

/** The threads of a place: to read, answer, resolve, and to begin one. */
export function CommentThreads({ talk, place, onPlace, isAll = false }: CommentThreadsProps) {
  const { reply, fault } = talk;
  const [shows, setShows] = useState(false);
  if (!reply)
    return (
      <div className="comment-threads">
        <StateNotice notice={fault ? { kind: "fault", fault } : { kind: "waiting", label: "Reading the comments" }} />
      </div>
    );
  const threads = reply.threads.filter((thread) => isAll || thread.place === place);
  const open = threads.filter(({ isResolved }) => !isResolved);
  const resolved = threads.length - open.length;
  return (
    <section className="comment-threads" aria-label="Comments">
      {(shows ? threads : open).map((thread) => (
        <ThreadBox key={thread.threadId} thread={thread} talk={talk} onPlace={isAll ? onPlace : undefined} />
      ))}
      {threads.length === 0 && !reply.mayComment ? <p className="soft">No comments here.</p> : null}
      {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
      {reply.mayComment ? <CommentForm talk={talk} threadId={null} place={place} /> : null}
      {resolved > 0 ? (
        <div>
          <Button small tone="quiet" onClick={() => setShows(!shows)}>
            {shows ? "Hide what is resolved" : `Show ${resolved} resolved`}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function ThreadBox({
  thread,
  talk,
  onPlace
}: {
  readonly thread: ThreadReply;
  readonly talk: TalkedAbout;
  readonly onPlace: ((place: string | null) => void) | undefined;
}) {
  const [answers, setAnswers] = useState(false);
  const may = talk.reply?.mayComment === true;
  const { threadId, isResolved, place } = thread;
  return (
    <article className={isResolved ? "comment-thread is-resolved" : "comment-thread"}>
      {onPlace && place !== null ? (
        <Button small tone="quiet" onClick={() => onPlace(place)}>
          on span <code>{place.slice(0, 16)}</code>
        </Button>
      ) : null}
      <ol>
        {thread.comments.map(({ commentId, by, body, writtenAtMs, isWithdrawn, isMine }) => (
          <li key={commentId}>
            <div className="row">
              <strong>{by}</strong>
              <span className="faint grow">
                <TimeText short atMs={writtenAtMs} />
              </span>
              {isMine && !isWithdrawn ? (
                <Button small tone="quiet" onClick={() => void talk.mark(commentId, "withdrawn")}>
                  Take back
                </Button>
              ) : null}
            </div>
            <p className={isWithdrawn ? "comment-body faint" : "comment-body"}>{isWithdrawn ? "taken back" : body}</p>
          </li>
        ))}
      </ol>
      {may ? (
        answers ? (
          <CommentForm talk={talk} threadId={threadId} place={null} onDone={() => setAnswers(false)} />
        ) : (
          <div className="row" style={{ marginTop: 6 }}>
            <Button small onClick={() => setAnswers(true)}>
              Answer
            </Button>
            <Button small tone="quiet" onClick={() => void talk.mark(threadId, isResolved ? "reopened" : "resolved")}>
              {isResolved ? "Reopen" : "✓ Resolve"}
            </Button>
          </div>
        )
      ) : isResolved ? (
        <span className="faint">✓ resolved</span>
      ) : null}
    </article>
  );
}

interface CommentFormProps {
  readonly talk: TalkedAbout;
  readonly threadId: string | null;
  readonly place: string | null;
  readonly onDone?: () => void;
}

function CommentForm({ talk, threadId, place, onDone }: CommentFormProps) {
  const [body, setBody] = useState("");
  const [busy, setBusy] = useState(false);
  const typed = /(?:^|\s)@([^\n@]*)$/.exec(body)?.[1];
  const names =
    typed === undefined
      ? []
      : (talk.reply?.people ?? []).filter((name) => name.toLowerCase().startsWith(typed.toLowerCase())).slice(0, 6);
  const send = async () => {
    setBusy(true);
    const isKept = await talk.write({ body, threadId, place });
    setBusy(false);
    if (!isKept) return;
    setBody("");
    onDone?.();
  };
  return (
    <form
      className="comment-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (body.trim() !== "" && !busy) void send();
      }}
    >
      <textarea
        className="input"
        aria-label={threadId === null ? "New comment" : "Answer"}
        placeholder={threadId === null ? "Comment; @ and a name calls somebody in" : "Answer"}
        value={body}
        onChange={({ target }) => setBody(target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }
        }}
      />
      <div className="row">
        {names.map((name) => (
          <Button
            key={name}
            small
            tone="quiet"
            onClick={() => setBody(`${body.slice(0, body.length - typed!.length)}${name} `)}
          >
            @{name}
          </Button>
        ))}
        <span className="grow" />
        {onDone ? (
          <Button small tone="quiet" onClick={onDone}>
            Cancel
          </Button>
        ) : null}
        <Button
          small
          disabled={busy || body.trim() === ""}
          title="Ctrl+Enter"
          onClick={(event) => event.currentTarget.form?.requestSubmit()}
        >
          {threadId === null ? "Comment" : "Answer"}
        </Button>
      </div>
    </form>
  );
}
