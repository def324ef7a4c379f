"use client";
import { Button } from "../../_parts/button.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import type { UsedTrace } from "./use-trace.ts";

/** What a reader must know of the trace: what is missing, made up, or cannot be right. */
export function TraceNotices({
  trace,
  onSpan
}: {
  readonly trace: UsedTrace;
  readonly onSpan: (spanId: string) => void;
}) {
  const { opened, tree, oddities, isPartial, isCut, restFault } = trace;
  const shown = tree.spans.length.toLocaleString("en-US");
  return (
    <>
      {opened?.trace.timesSynthesised ? (
        <p className="soft">The source gave no times: the order is its own, the lengths are made up.</p>
      ) : null}
      {restFault ? <StateNotice notice={{ kind: "fault", fault: restFault }} /> : null}
      {isCut ? (
        <StateNotice
          notice={{
            kind: "partial",
            sentence: `The tree shows the first ${shown} of ${opened?.trace.spans.toLocaleString("en-US")} spans.`
          }}
        />
      ) : null}
      {isPartial ? (
        <p className="soft" role="status">
          The first {shown} spans are here; the rest is on its way.
        </p>
      ) : null}
      {oddities.map(({ sentence, spanId }) => (
        <p key={sentence} className="row">
          <span className="status-warn">! {sentence}</span>
          <Button small tone="quiet" onClick={() => onSpan(spanId)}>
            Show it
          </Button>
        </p>
      ))}
    </>
  );
}
