"use client";
import Link from "next/link";
import { useState } from "react";
import type { QueueItem } from "#lib/model/queue.ts";
import { paths } from "#lib/wire/paths.ts";
import type { ConversationReply } from "#lib/wire/trace.ts";
import { StateNotice } from "../../../_parts/state-notice.tsx";
import { useAnswer } from "../../../_parts/trace-answer.tsx";
import { TraceConversation } from "../../../_parts/trace-conversation.tsx";

interface ReviewedTracesProps {
  readonly item: Pick<QueueItem, "traceId" | "otherTraceId">;
  /** Of a pair, the one that is shown left. */
  readonly left: string | null;
}

/** The trace that is judged, or the two that are compared. */
export function ReviewedTraces({ item, left }: ReviewedTracesProps) {
  const { traceId, otherTraceId } = item;
  if (otherTraceId === null) return <ReviewTrace traceId={traceId} />;
  const shown = left === otherTraceId ? [otherTraceId, traceId] : [traceId, otherTraceId];
  return (
    <div className="review-pair">
      {shown.map((one, at) => (
        <ReviewTrace key={one} traceId={one} side={at === 0 ? "Left" : "Right"} />
      ))}
    </div>
  );
}

/** What was said and done in a trace. */
function ReviewTrace({ traceId, side }: { readonly traceId: string; readonly side?: string }) {
  const [spoken, setSpoken] = useState<number | undefined>(undefined);
  const { value, fault } = useAnswer<ConversationReply>(paths.conversation(traceId, spoken));
  return (
    <section
      className="review-trace"
      aria-label={side ?? "Trace"}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must take the keyboard
      tabIndex={0}
    >
      {side ? <h2 className="review-side-name">{side}</h2> : null}
      {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
      {!value && !fault ? <StateNotice notice={{ kind: "waiting", label: "Reading the conversation" }} /> : null}
      {value ? (
        <TraceConversation
          turns={value.turns}
          spoken={value.spoken}
          words=""
          onSpan={(spanId) => window.open(`/traces/${traceId}?span=${spanId}`, "_blank", "noopener")}
          onMore={() => setSpoken(Math.min(25_000, value.spoken.shown * 4))}
        />
      ) : null}
      <p className="soft" style={{ marginTop: 24, fontSize: 13 }}>
        <Link href={`/traces/${traceId}`} target="_blank">
          Open the whole trace
        </Link>
      </p>
    </section>
  );
}
