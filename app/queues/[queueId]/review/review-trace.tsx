"use client";
import Link from "next/link";
import { useState } from "react";
import { paths } from "#lib/wire/paths.ts";
import type { ConversationReply } from "#lib/wire/trace.ts";
import { StateNotice } from "../../../_parts/state-notice.tsx";
import { useAnswer } from "../../../_parts/trace-answer.tsx";
import { TraceConversation } from "../../../_parts/trace-conversation.tsx";

/** What was said and done in the trace that is judged. */
export function ReviewTrace({ traceId }: { readonly traceId: string }) {
  const [spoken, setSpoken] = useState<number | undefined>(undefined);
  const { value, fault } = useAnswer<ConversationReply>(paths.conversation(traceId, spoken));
  return (
    <section
      className="review-trace"
      aria-label="Trace"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must take the keyboard
      tabIndex={0}
    >
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
