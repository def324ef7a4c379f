"use client";
import { useState } from "react";
import { statusLooks } from "#lib/browser/outcome-words.ts";
import type { ConversationReply } from "#lib/wire/trace.ts";
import type { Turn } from "#lib/wire/traces.ts";
import { Button } from "./button.tsx";
import { StateNotice } from "./state-notice.tsx";
import { DurationText } from "./text.tsx";
import { TraceDocuments } from "./trace-documents.tsx";
import { StatusChip } from "./trace-status.tsx";
import { MarkedText, ValueTable } from "./trace-value.tsx";

interface TraceConversationProps {
  readonly turns: readonly Turn[];
  /** Of how many spans the turns are, and how many have any. */
  readonly spoken: ConversationReply["spoken"];
  readonly words: string;
  readonly onSpan: (spanId: string) => void;
  /** The last turn that was read is shown, and there are more. */
  readonly onMore: () => void;
}

/** Turns that are drawn at once. */
const step = 100;

/** What was said and done, readable without JSON. */
export function TraceConversation({ turns, spoken, words, onSpan, onMore }: TraceConversationProps) {
  const [shown, setShown] = useState(step);
  if (turns.length === 0) {
    return (
      <StateNotice
        notice={{
          kind: "empty",
          title: "This trace carries no messages.",
          next: "Choose a span at the left to see what it holds."
        }}
      />
    );
  }
  const isCut = spoken.shown < spoken.total;
  return (
    <div className="stack" style={{ maxWidth: 860 }}>
      <ol className="stack" style={{ listStyle: "none", padding: 0 }}>
        {turns.slice(0, shown).map((turn, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a turn is its place in the conversation
          <li key={at}>
            <TurnView turn={turn} words={words} onSpan={onSpan} />
          </li>
        ))}
      </ol>
      {shown < turns.length || isCut ? (
        <StateNotice
          notice={{
            kind: "partial",
            sentence: (
              <span className="row" style={{ flexWrap: "wrap" }}>
                <span>{sayShown(Math.min(shown, turns.length), turns.length, spoken)}</span>
                <Button
                  small
                  onClick={() => {
                    setShown(shown + step);
                    if (shown + step > turns.length && isCut) onMore();
                  }}
                >
                  Show more
                </Button>
              </span>
            )
          }}
        />
      ) : null}
    </div>
  );
}

function sayShown(shown: number, turns: number, spoken: ConversationReply["spoken"]): string {
  const count = (n: number) => n.toLocaleString("en-US");
  const of =
    spoken.shown < spoken.total
      ? `, read from ${count(spoken.shown)} of the ${count(spoken.total)} spans that speak`
      : ` of ${count(turns)}`;
  return `The conversation shows the first ${count(shown)} turns${of}.`;
}

function TurnView({
  turn,
  words,
  onSpan
}: {
  readonly turn: Turn;
  readonly words: string;
  readonly onSpan: (spanId: string) => void;
}) {
  const { spanId } = turn;
  const link = spanId ? (
    <button type="button" className="button button-quiet button-small" onClick={() => onSpan(spanId)}>
      span
    </button>
  ) : null;
  switch (turn.kind) {
    case "message": {
      const isUser = turn.role === "user";
      const isSystem = turn.role === "system" || turn.role === "developer";
      const body = (
        <div className="said">
          <MarkedText text={turn.text} words={words} />
        </div>
      );
      return (
        <article
          className="card"
          style={{
            padding: "8px 14px 12px",
            background: isUser ? "var(--accent-ground)" : isSystem ? "var(--ground-sunk)" : undefined
          }}
        >
          <header className="row">
            <strong className="grow" style={{ fontSize: 12 }}>
              {turn.role}
            </strong>
            {link}
          </header>
          {isSystem && turn.text.length > 400 ? (
            <details>
              <summary className="soft">{turn.text.slice(0, 160)}…</summary>
              {body}
            </details>
          ) : (
            body
          )}
        </article>
      );
    }
    case "tool":
      return (
        <article
          className="card"
          style={{ padding: "8px 14px 12px", marginLeft: 24, borderLeft: "3px solid var(--tool)" }}
        >
          <header className="row" style={{ fontSize: 13 }}>
            <span className="grow">
              <span className="soft">tool call</span> <code>{turn.name}</code>
            </span>
            {turn.status === "unset" ? null : <StatusChip look={statusLooks[turn.status]} />}
            {turn.durationMs > 0 ? <DurationText ms={turn.durationMs} /> : null}
            {link}
          </header>
          <h4 className="faint" style={{ fontSize: 12, fontWeight: 500 }}>
            Arguments
          </h4>
          <ValueTable value={turn.args} words={words} />
          <h4 className="faint" style={{ fontSize: 12, fontWeight: 500, marginTop: 8 }}>
            Result
          </h4>
          <ValueTable value={turn.result} words={words} />
        </article>
      );
    case "documents":
      return (
        <article
          className="card"
          style={{ padding: "8px 14px 12px", marginLeft: 24, borderLeft: "3px solid var(--document)" }}
        >
          <header className="row" style={{ fontSize: 13 }}>
            <span className="grow">
              <span className="soft">
                retrieved {turn.documents.length} {turn.documents.length === 1 ? "document" : "documents"}
              </span>
              {turn.query ? ` for “${turn.query}”` : ""}
            </span>
            {link}
          </header>
          <TraceDocuments documents={turn.documents} words={words} />
        </article>
      );
  }
}
