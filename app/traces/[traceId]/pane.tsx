"use client";
import { useState } from "react";
import type { SpanTree } from "#lib/browser/span-tree.ts";
import { paths } from "#lib/wire/paths.ts";
import type { ConversationReply, OpenedTraceReply } from "#lib/wire/trace.ts";
import type { SpanReply } from "#lib/wire/traces.ts";
import { Button } from "../../_parts/button.tsx";
import { JsonText } from "../../_parts/json-text.tsx";
import { SimilarTraces } from "../../_parts/similar-traces.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { TraceConversation } from "../../_parts/trace-conversation.tsx";
import { TraceSpan } from "../../_parts/trace-span.tsx";
import { useShown } from "./use-shown.ts";

/** What a pane shows. */
type Shown =
  | { readonly kind: "conversation" | "raw trace" | "similar" }
  | { readonly kind: "span" | "raw span"; readonly spanId: string };

interface TracePaneProps {
  readonly shown: Shown;
  readonly traceId: string;
  readonly opened: OpenedTraceReply;
  readonly tree: SpanTree;
  readonly words: string;
  /** Why what is hidden has to be seen; null while it is hidden. */
  readonly purpose: string | null;
  readonly onSpan: (spanId: string | null) => void;
  readonly onSimilar: (isSimilar: boolean) => void;
}

const labels: Readonly<Record<Shown["kind"], string>> = {
  conversation: "Conversation",
  span: "Span",
  "raw span": "Span",
  "raw trace": "Trace",
  similar: "Similar traces"
};

/** A pane beside the spans, which scrolls by itself. */
export function TracePane(props: TracePaneProps) {
  const { shown } = props;
  return (
    <section
      aria-label={labels[shown.kind]}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must take the keyboard
      tabIndex={0}
      className="trace-pane"
    >
      <PaneBody {...props} />
    </section>
  );
}

function PaneBody(props: TracePaneProps) {
  const { shown, traceId, opened, onSimilar } = props;
  switch (shown.kind) {
    case "similar":
      return <SimilarTraces traceId={traceId} unit={opened.trace.businessUnit} onClose={() => onSimilar(false)} />;
    case "conversation":
      return <ConversationPane {...props} />;
    case "raw trace":
      return <RawTrace opened={opened} />;
    case "span":
    case "raw span":
      return <SpanPane {...props} spanId={shown.spanId} isRaw={shown.kind === "raw span"} />;
    default:
      return shown satisfies never;
  }
}

function ConversationPane({ traceId, words, purpose, onSpan }: TracePaneProps) {
  const [spoken, setSpoken] = useState<number | undefined>(undefined);
  const { value, fault } = useShown<ConversationReply>(paths.conversation(traceId, spoken), traceId, null, purpose);
  if (fault) return <StateNotice notice={{ kind: "fault", fault }} />;
  if (!value) return <StateNotice notice={{ kind: "waiting", label: "Reading the conversation" }} />;
  return (
    <TraceConversation
      turns={value.turns}
      spoken={value.spoken}
      words={words}
      onSpan={onSpan}
      onMore={() => setSpoken(Math.min(25_000, value.spoken.shown * 4))}
    />
  );
}

interface SpanPaneProps extends TracePaneProps {
  readonly spanId: string;
  readonly isRaw: boolean;
}

function SpanPane({ traceId, spanId, isRaw, tree, words, purpose, onSpan }: SpanPaneProps) {
  const { value, fault } = useShown<SpanReply>(paths.span(traceId, spanId), traceId, spanId, purpose);
  const reply = value?.span.spanId === spanId ? value : null;
  return (
    <div className="stack">
      <div>
        <Button small tone="quiet" onClick={() => onSpan(null)}>
          ← Whole trace <span className="kbd">Esc</span>
        </Button>
      </div>
      {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
      {!reply && !fault ? <StateNotice notice={{ kind: "waiting" }} /> : null}
      {reply && isRaw ? <JsonText value={reply} /> : null}
      {reply && !isRaw ? <TraceSpan reply={reply} tree={tree} words={words} /> : null}
    </div>
  );
}

function RawTrace({ opened }: { readonly opened: OpenedTraceReply }) {
  const { trace, scores, annotations } = opened;
  return (
    <div className="stack">
      <p className="soft">What is known of the trace as a whole. Choose a span to see all that it holds.</p>
      <JsonText value={{ trace, scores, annotations }} />
    </div>
  );
}
