"use client";
import Link from "next/link";
import { useState } from "react";
import { pairLabelOf } from "#lib/model/pair.ts";
import type { ReviewItemKey } from "#lib/wire/review.ts";
import { StateNotice } from "../../../_parts/state-notice.tsx";
import { ReviewFrame } from "../review-frame.tsx";
import { toggleFlag } from "./judgement-form.tsx";
import { JudgementPanel } from "./judgement-panel.tsx";
import { sides } from "./pair-buttons.tsx";
import { goToPlace, places } from "./places.ts";
import { ReviewedTraces } from "./review-trace.tsx";
import { useReview } from "./use-review.ts";
import { useReviewKeys } from "./use-review-keys.ts";

interface ReviewViewProps {
  readonly queueId: string;
  readonly start: ReviewItemKey | null;
}

/** The conversation at the left, the rubric at the right; everything by keys. */
export function ReviewView({ queueId, start }: ReviewViewProps) {
  const work = useReview(queueId, start);
  const [isSkipping, setSkipping] = useState(false);
  const [isHelping, setHelping] = useState(false);
  const { reply, fault, draft } = work;
  const open = reply?.open ?? null;
  const rubric = reply?.queue.rubric ?? null;
  const choose = (name: string) => {
    const side = sides.find((one) => one.name === name)?.name;
    work.change({ label: open?.left && side ? pairLabelOf(side, open.left, open.item.traceId) : name });
  };
  useReviewKeys(rubric && open?.left ? { ...rubric, labels: sides } : rubric, {
    choose,
    goToScale: (name) => goToPlace(`scale ${name}`),
    rate: (name, value) => work.change({ scales: { ...draft.scales, [name]: value } }),
    goToField: (name) => goToPlace(`field ${name}`),
    flags: () => goToPlace(places.flags),
    correct: () => goToPlace(places.corrected),
    adjudicate: () => work.change({ flags: toggleFlag(draft.flags, "to be adjudicated") }),
    write: () => goToPlace(places.why),
    submit: work.submit,
    skip: () => setSkipping(true),
    undo: work.undo,
    next: work.next,
    previous: work.previous,
    quote: () => {
      const quote = window.getSelection()?.toString().trim() ?? "";
      if (quote !== "") work.change({ quotes: [...draft.quotes, quote.slice(0, 2000)].slice(0, 20) });
    },
    help: () => setHelping(!isHelping)
  });
  return (
    <ReviewFrame
      queueId={queueId}
      title={reply?.queue.title ?? null}
      about={open && `${open.left === null ? "trace" : "pair"} ${open.item.position} · ${open.item.businessUnit}`}
      fault={fault}
      waiting="Opening the queue"
    >
      {open ? (
        <ReviewedTraces key={open.item.traceId} item={open.item} left={open.left} />
      ) : (
        <section className="review-trace" aria-label="Trace">
          <StateNotice
            notice={{
              kind: "empty",
              title: "Nothing waits for you in this queue.",
              next: (
                <>
                  What others have open comes back here if they leave it.{" "}
                  <Link href={`/queues/${queueId}`}>How far the queue is</Link>
                </>
              )
            }}
          />
        </section>
      )}
      <JudgementPanel
        work={work}
        isHelping={isHelping}
        isSkipping={isSkipping}
        onSkip={(reason) => {
          setSkipping(false);
          if (reason !== null) work.skip(reason);
        }}
      />
    </ReviewFrame>
  );
}
