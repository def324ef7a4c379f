"use client";
import { formatDuration } from "#lib/browser/format.ts";
import { type Review, reviewFlags } from "#lib/model/review.ts";
import type { ReviewProgress } from "#lib/wire/review.ts";
import { Button } from "../../../_parts/button.tsx";
import { StateNotice } from "../../../_parts/state-notice.tsx";
import type { ReviewWork } from "./use-review.ts";

interface JudgementPanelProps {
  readonly work: ReviewWork;
  readonly note: React.RefObject<HTMLTextAreaElement | null>;
  readonly isHelping: boolean;
  readonly isSkipping: boolean;
  /** The reason, or null to go on with the trace. */
  readonly onSkip: (reason: string | null) => void;
}

/** How far the queue is, the labels, why, and what others said. */
export function JudgementPanel({ work, note, isHelping, isSkipping, onSkip }: JudgementPanelProps) {
  const { reply, progress, fault, last, isBusy } = work;
  const open = reply?.open ?? null;
  return (
    <aside className="review-panel" aria-label="Judgement">
      {progress ? <Progress progress={progress} /> : null}
      {open ? <Form work={work} note={note} /> : null}
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
      {open?.others && open.others.length > 0 ? <Others reviews={open.others} /> : null}
      {isHelping ? <Help /> : null}
    </aside>
  );
}

function Progress({ progress }: { readonly progress: ReviewProgress }) {
  const { items, done, medianMs, agreement, reviewers } = progress;
  const skipped = reviewers.reduce((sum, reviewer) => sum + reviewer.skipped, 0);
  return (
    <section aria-label="Progress" className="stack" style={{ gap: 6, fontSize: 13 }}>
      <div className="row num">
        <span className="grow">
          {done.toLocaleString("en-US")} of {items.toLocaleString("en-US")} done
        </span>
        <span className="soft">{medianMs === null ? "" : `${formatDuration(medianMs)} each`}</span>
      </div>
      <div className="review-bar" role="presentation">
        <div style={{ width: `${items === 0 ? 0 : (100 * done) / items}%` }} />
      </div>
      <span className="soft num">
        {reviewers.length === 1 ? "1 reviewer" : `${reviewers.length} reviewers`}
        {skipped > 0 ? ` · ${skipped} skipped` : ""}
        {agreement && agreement.alpha !== null ? ` · alpha ${agreement.alpha.toFixed(2)} n = ${agreement.n}` : ""}
      </span>
    </section>
  );
}

function Form({ work, note }: Pick<JudgementPanelProps, "work" | "note">) {
  const { reply, draft, change, isBusy } = work;
  const { queue, open } = reply!;
  const { labels, needsJustification, hasFreeText } = queue.rubric;
  return (
    <>
      {open?.closed ? (
        <StateNotice
          notice={{ kind: "partial", sentence: `${open.closed}. A judgement of yours is kept all the same.` }}
        />
      ) : null}
      <fieldset className="review-labels">
        <legend className="sr-only">Labels</legend>
        {labels.map(({ name, meaning, hotkey }) => (
          <button
            key={name}
            type="button"
            className="review-label"
            aria-pressed={draft.label === name}
            onClick={() => change({ label: name })}
          >
            <span className="kbd">{hotkey}</span>
            <span>{name}</span>
            {meaning ? <small>{meaning}</small> : null}
          </button>
        ))}
      </fieldset>
      {hasFreeText ? (
        <label className="stack" style={{ gap: 4 }}>
          <span className="row soft" style={{ fontSize: 13 }}>
            <span className="grow">Why{needsJustification ? " (needed)" : ""}</span>
            <span className="kbd">c</span>
          </span>
          <textarea
            ref={note}
            className="input review-note"
            maxLength={20_000}
            value={draft.note}
            onChange={({ target }) => change({ note: target.value })}
          />
        </label>
      ) : null}
      {draft.quotes.map((quote, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two quotes may be alike
        <blockquote key={at} className="review-quote row">
          <span className="grow">{quote}</span>
          <Button
            small
            tone="quiet"
            icon="close"
            aria-label={`Remove the quote ${quote.slice(0, 40)}`}
            onClick={() => change({ quotes: draft.quotes.filter((_, other) => other !== at) })}
          />
        </blockquote>
      ))}
      <details>
        <summary className="soft" style={{ fontSize: 13 }}>
          More: flags, a better answer
        </summary>
        <div className="stack" style={{ gap: 8, marginTop: 8 }}>
          {reviewFlags.map((flag) => (
            <label key={flag} className="row">
              <input
                type="checkbox"
                checked={draft.flags.includes(flag)}
                onChange={({ target }) =>
                  change({
                    flags: target.checked ? [...draft.flags, flag] : draft.flags.filter((other) => other !== flag)
                  })
                }
              />
              {flag}
            </label>
          ))}
          <textarea
            className="input review-note"
            aria-label="What the answer should have been"
            placeholder="what the answer should have been"
            maxLength={20_000}
            value={draft.correctedOutput}
            onChange={({ target }) => change({ correctedOutput: target.value })}
          />
        </div>
      </details>
      <Button tone="main" disabled={isBusy || draft.label === null} onClick={work.submit}>
        Submit <span className="kbd">Ctrl Enter</span>
      </Button>
    </>
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

function Others({ reviews }: { readonly reviews: readonly Review[] }) {
  return (
    <section aria-label="What others said" className="stack" style={{ gap: 8, fontSize: 13 }}>
      <h2 style={{ fontSize: 14 }}>What others said</h2>
      {reviews.map(({ userId, judgement }) => (
        <p key={userId}>
          <strong>{userId}</strong>:{" "}
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

const keys: readonly (readonly [string, string])[] = [
  ["1 – 9", "choose a label"],
  ["c", "write why"],
  ["e", "take the selected words as evidence"],
  ["Ctrl Enter", "submit, and on to the next"],
  ["s", "skip, with a reason"],
  ["u", "take the last one back"],
  ["j  k", "next and previous"],
  ["Esc", "leave a field"],
  ["?", "these keys"]
];

function Help() {
  return (
    <section aria-label="Keys">
      <table className="table" style={{ fontSize: 13 }}>
        <tbody>
          {keys.map(([key, what]) => (
            <tr key={key}>
              <td>
                <span className="kbd">{key}</span>
              </td>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
