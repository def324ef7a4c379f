import { formatDuration } from "#lib/browser/format.ts";
import type { Review } from "#lib/model/review.ts";

/** What one reviewer said of an item, in full. `by` is what they are called. */
export function JudgementCard({ review, by }: { readonly review: Review; readonly by: string }) {
  const { judgement, durationMs } = review;
  if (judgement.kind !== "labelled") {
    return (
      <article className="judgement-card">
        <header className="soft">{by}</header>
        <p>{judgement.kind === "skipped" ? `Skipped: ${judgement.reason}` : "Taken back"}</p>
      </article>
    );
  }
  const { label, note, quotes, correctedOutput, flags, scales, fields } = judgement;
  return (
    <article className="judgement-card">
      <header className="row">
        <strong className="grow">{label}</strong>
        <span className="soft num" title="Time with the trace in view">
          {formatDuration(durationMs)}
        </span>
      </header>
      <p className="soft">{by}</p>
      {note ? <p>{note}</p> : null}
      {Object.entries(scales).map(([name, value]) => (
        <p key={name} className="num">
          {name}: {value}
        </p>
      ))}
      {Object.entries(fields).map(([name, text]) => (
        <p key={name}>
          {name}: {text}
        </p>
      ))}
      {quotes.map((quote, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two quotes may be alike
        <blockquote key={at} className="review-quote">
          {quote}
        </blockquote>
      ))}
      {correctedOutput ? <p>Better: {correctedOutput}</p> : null}
      {flags.length > 0 ? <p className="soft">{flags.join(", ")}</p> : null}
    </article>
  );
}
