"use client";
import { formatDuration } from "#lib/browser/format.ts";
import type { Review } from "#lib/model/review.ts";
import type { Names } from "#lib/wire/people.ts";
import type { QueueNumbersReply } from "#lib/wire/queue-numbers.ts";
import { Button } from "../../../_parts/button.tsx";
import { StateNotice } from "../../../_parts/state-notice.tsx";
import { JudgementForm } from "./judgement-form.tsx";
import { KeyHelp } from "./key-help.tsx";
import type { ReviewWork } from "./use-review.ts";

interface JudgementPanelProps {
  readonly work: ReviewWork;
  readonly isHelping: boolean;
  readonly isSkipping: boolean;
  /** The reason, or null to go on with the trace. */
  readonly onSkip: (reason: string | null) => void;
}

/** How far the queue is, the labels, why, and what others said. */
export function JudgementPanel({ work, isHelping, isSkipping, onSkip }: JudgementPanelProps) {
  const { reply, progress, fault, last, isBusy } = work;
  const open = reply?.open ?? null;
  return (
    <aside className="review-panel" aria-label="Judgement">
      {progress ? <Progress progress={progress} /> : null}
      {open ? <JudgementForm work={work} /> : null}
      {fault && reply ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
      {open && isSkipping ? <SkipForm onSkip={onSkip} /> : null}
      {last ? (
        <p className="row soft" role="status" style={{ fontSize: 13 }}>
          <span className="grow">Kept: {last.said}.</span>
          <Button small tone="quiet" disabled={isBusy} onClick={work.undo}>
            Take it back <span className="kbd">u</span>
          </Button>
        </p>
      ) : null}
      {open?.others && open.others.length > 0 ? <Others reviews={open.others} names={open.names} /> : null}
      {isHelping ? <KeyHelp rubric={reply?.queue.rubric ?? null} /> : null}
    </aside>
  );
}

function Progress({ progress }: { readonly progress: QueueNumbersReply }) {
  const { items, done, medianMs, agreement, reviewers, isHidden } = progress;
  const skipped = reviewers.reduce((sum, reviewer) => sum + reviewer.skipped, 0);
  const alpha = agreement?.all.alpha.value ?? null;
  return (
    <section aria-label="Progress" className="stack" style={{ gap: 6, fontSize: 13 }}>
      <div className="row num">
        <span className="grow">
          {done.toLocaleString("en-US")} of {items.toLocaleString("en-US")} done
        </span>
        <span className="soft" title="Median time with a trace in view">
          {medianMs === null ? "" : `${formatDuration(medianMs)} each`}
        </span>
      </div>
      <div className="review-bar" role="presentation">
        <div style={{ width: `${items === 0 ? 0 : (100 * done) / items}%` }} />
      </div>
      <span className="soft num">
        {reviewers.length === 1 ? "1 reviewer" : `${reviewers.length} reviewers`}
        {skipped > 0 ? ` · ${skipped} skipped` : ""}
        {alpha === null ? "" : ` · alpha ${alpha.toFixed(2)} n = ${agreement?.all.n}`}
        {isHidden ? " · what others said is told once all have judged a trace" : ""}
      </span>
    </section>
  );
}

function SkipForm({ onSkip }: Pick<JudgementPanelProps, "onSkip">) {
  return (
    <form
      className="stack"
      style={{ gap: 8 }}
      onSubmit={(event) => {
        event.preventDefault();
        const reason = new FormData(event.currentTarget).get("reason");
        onSkip(typeof reason === "string" ? reason : null);
      }}
    >
      <label className="stack" style={{ gap: 4 }}>
        <span className="soft" style={{ fontSize: 13 }}>
          Why it is skipped
        </span>
        {/* biome-ignore lint/a11y/noAutofocus: the key that opens it is pressed to write here */}
        <input name="reason" className="input" required maxLength={2000} autoFocus />
      </label>
      <div className="row">
        <button type="submit" className="button button-small">
          Skip
        </button>
        <Button small tone="quiet" onClick={() => onSkip(null)}>
          Go on with it
        </Button>
      </div>
    </form>
  );
}

function Others({ reviews, names }: { readonly reviews: readonly Review[]; readonly names: Names }) {
  return (
    <section aria-label="What others said" className="stack" style={{ gap: 8, fontSize: 13 }}>
      <h2 style={{ fontSize: 14 }}>What others said</h2>
      {reviews.map(({ userId, judgement }) => (
        <p key={userId}>
          <strong>{names[userId] ?? userId}</strong>:{" "}
          {judgement.kind === "labelled"
            ? `${judgement.label}${judgement.note ? `, ${judgement.note}` : ""}`
            : judgement.kind === "skipped"
              ? `skipped, ${judgement.reason}`
              : "taken back"}
        </p>
      ))}
    </section>
  );
}
