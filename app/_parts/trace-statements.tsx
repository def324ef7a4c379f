"use client";
import type { Annotation } from "#lib/model/annotation.ts";
import type { Names } from "#lib/wire/people.ts";
import type { TraceScore } from "#lib/wire/traces.ts";

interface TraceStatementsProps {
  readonly scores: readonly TraceScore[];
  readonly annotations: readonly Annotation[];
  /** Of those who annotated. */
  readonly names: Names;
  readonly onSpan: (spanId: string) => void;
}

/** What scorers and people said of the trace, each with its reason. */
export function TraceStatements({ scores, annotations, names, onSpan }: TraceStatementsProps) {
  if (scores.length === 0 && annotations.length === 0) return null;
  const skipped = scores.filter(({ status }) => status === "skipped");
  return (
    <ul className="stack" style={{ listStyle: "none", padding: 0, gap: 4, maxHeight: 140, overflow: "auto" }}>
      {scores.map((score) => {
        if (score.status === "skipped") return null;
        const { spanId } = score;
        const tone = score.status !== "ok" || score.pass === null ? "warn" : score.pass ? "good" : "bad";
        const verdict =
          score.status !== "ok"
            ? "! could not be scored"
            : score.pass === null
              ? "measured"
              : score.pass
                ? "✓ pass"
                : "✕ fail";
        return (
          <li key={`${score.scorer}/${score.scorerVersion}/${score.source}/${spanId}`} className="row">
            <span className={`chip status-${tone}`}>{verdict}</span>
            <strong>{score.scorer}</strong>
            {score.value === null ? null : <span className="num">{Number(score.value.toPrecision(3))}</span>}
            {score.label ? <span>{score.label}</span> : null}
            <span className="soft grow">{score.reason}</span>
            {spanId ? (
              <button type="button" className="button button-quiet button-small" onClick={() => onSpan(spanId)}>
                span
              </button>
            ) : null}
            <span className="faint">{score.source}</span>
          </li>
        );
      })}
      {annotations.map((annotation) => (
        <li key={annotation.annotationId} className="row">
          <span className="chip">{annotation.label}</span>
          <span className="grow">{annotation.note}</span>
          <span className="faint">{names[annotation.userId] ?? annotation.userId}</span>
        </li>
      ))}
      {skipped.length > 0 ? (
        <li className="faint" style={{ fontSize: 12 }}>
          Not scored: {skipped.map(({ scorer, reason }) => (reason ? `${scorer}, ${reason}` : scorer)).join("; ")}
        </li>
      ) : null}
    </ul>
  );
}
