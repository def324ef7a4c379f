"use client";
import { useState } from "react";
import { formatCount } from "#lib/browser/format.ts";
import { Button } from "../../../_parts/button.tsx";
import { JudgementCard } from "../../../_parts/judgement-card.tsx";
import { StateNotice } from "../../../_parts/state-notice.tsx";
import { LabelButtons } from "../review/label-buttons.tsx";
import { goToPlace, places } from "../review/places.ts";
import { ReviewedTraces } from "../review/review-trace.tsx";
import { useReviewKeys } from "../review/use-review-keys.ts";
import { ReviewFrame } from "../review-frame.tsx";
import { type AdjudicationWork, useAdjudication } from "./use-adjudication.ts";

const nothing = () => undefined;

/** All judgements of a contested trace side by side, the trace below them, and the decision at the right. */
export function AdjudicateView({ queueId }: { readonly queueId: string }) {
  const work = useAdjudication(queueId);
  const [isHelping, setHelping] = useState(false);
  const { reply, fault } = work;
  const open = reply?.open ?? null;
  useReviewKeys(reply ? { ...reply.queue.rubric, scales: [], fields: [] } : null, {
    ...{ goToScale: nothing, rate: nothing, goToField: nothing, flags: nothing, correct: nothing },
    ...{ adjudicate: nothing, skip: nothing, quote: nothing },
    choose: (label) => work.change({ label }),
    write: () => goToPlace(places.why),
    submit: work.decide,
    undo: work.undo,
    next: work.next,
    previous: work.previous,
    help: () => setHelping(!isHelping)
  });
  return (
    <ReviewFrame
      queueId={queueId}
      title={reply?.queue.title ?? null}
      about={reply && formatCount(reply.queue.contested, "contested trace")}
      fault={fault}
      waiting="Opening what is contested"
    >
      <div className="review-side">
        {open ? (
          <section className="judgement-cards" aria-label="Judgements">
            {open.reviews.map((review) => (
              <JudgementCard key={review.userId} review={review} by={open.names[review.userId] ?? review.userId} />
            ))}
          </section>
        ) : (
          <section className="review-trace" aria-label="Trace">
            <StateNotice
              notice={{
                kind: "empty",
                title: "Nothing is contested.",
                next: "Traces come here when their reviewers disagree, or ask for a decision."
              }}
            />
          </section>
        )}
        {open ? <ReviewedTraces key={open.item.traceId} item={open.item} left={open.item.traceId} /> : null}
      </div>
      <DecisionPanel work={work} isHelping={isHelping} />
    </ReviewFrame>
  );
}

function DecisionPanel({ work, isHelping }: { readonly work: AdjudicationWork; readonly isHelping: boolean }) {
  const { reply, draft, fault, last, isBusy } = work;
  return (
    <aside className="review-panel" aria-label="Decision">
      {reply?.open ? (
        <>
          <LabelButtons
            labels={reply.queue.rubric.labels}
            chosen={draft.label}
            onChoose={(label) => work.change({ label })}
          />
          <label className="stack" style={{ gap: 4 }}>
            <span className="row soft" style={{ fontSize: 13 }}>
              <span className="grow">Why (needed)</span>
              <span className="kbd">c</span>
            </span>
            <textarea
              className="input review-note"
              data-place={places.why}
              maxLength={20_000}
              value={draft.reason}
              onChange={({ target }) => work.change({ reason: target.value })}
            />
          </label>
          <Button tone="main" disabled={isBusy || draft.label === null} onClick={work.decide}>
            Decide <span className="kbd">Ctrl Enter</span>
          </Button>
        </>
      ) : null}
      {fault && reply ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
      {last ? (
        <p className="row soft" role="status" style={{ fontSize: 13 }}>
          <span className="grow">Decided: {last.label}.</span>
          <Button small tone="quiet" disabled={isBusy} onClick={work.undo}>
            Take it back <span className="kbd">u</span>
          </Button>
        </p>
      ) : null}
      {isHelping ? (
        <p className="soft" style={{ fontSize: 13 }}>
          The key of a label chooses it, <span className="kbd">c</span> goes to the reason,{" "}
          <span className="kbd">Ctrl Enter</span> decides, <span className="kbd">j</span> and{" "}
          <span className="kbd">k</span> go on and back, <span className="kbd">u</span> takes the last decision back.
        </p>
      ) : null}
    </aside>
  );
}
