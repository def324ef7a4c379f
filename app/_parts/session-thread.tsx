"use client";
import Link from "next/link";
import { useEffect, useRef, useState } from "react";
import { formatCount, formatDuration, formatNumber } from "#lib/browser/format.ts";
import { statusLooks } from "#lib/browser/outcome-words.ts";
import type { SessionTurn } from "#lib/wire/traces.ts";
import { CostText, DurationText, TimeText } from "./text.tsx";
import { StatusChip } from "./trace-status.tsx";

interface SessionThreadProps {
  readonly turns: readonly SessionTurn[];
  /** Trace that one came from: it is scrolled to. */
  readonly marked: string | null;
}

/** Characters of a message that are shown until somebody asks for all of it. */
const shortCharacters = 1200;

/** Traces of a session in their order: what the user asked and what was answered, and the time between. */
export function SessionThread({ turns, marked }: SessionThreadProps) {
  const own = useRef<HTMLLIElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each page of the thread
  useEffect(() => own.current?.scrollIntoView({ block: "center" }), [turns]);
  return (
    <ol className="thread-list">
      {turns.map(({ trace, input, output, pauseMs, scores }) => (
        <li key={trace.traceId} ref={trace.traceId === marked ? own : undefined}>
          {pauseMs === null ? null : (
            <p className="thread-pause faint">
              {pauseMs < 0
                ? `began ${formatDuration(-pauseMs)} before the end of the one before`
                : `${formatDuration(pauseMs)} later`}
            </p>
          )}
          <article className="card thread-turn" data-marked={trace.traceId === marked}>
            <header className="row" style={{ flexWrap: "wrap", fontSize: 13 }}>
              <StatusChip
                look={
                  trace.status !== "error" && trace.errors > 0
                    ? { tone: "warn", sign: "!", word: formatCount(trace.errors, "error") }
                    : statusLooks[trace.status]
                }
              />
              <strong>{trace.agent ?? trace.name}</strong>
              <span className="soft">
                <TimeText atMs={trace.startedAtMs} short synthesised={trace.timesSynthesised} />
              </span>
              {trace.timesSynthesised ? null : <DurationText ms={trace.durationMs} />}
              <CostText usd={trace.costUsd} />
              {scores.map((score) => (
                <ScoreChip key={`${score.scorer} ${score.value} ${score.label}`} score={score} />
              ))}
              <Link href={`/traces/${trace.traceId}`} style={{ marginLeft: "auto" }}>
                Open the trace
              </Link>
            </header>
            <Said who="User" text={input} />
            <Said who="Answer" text={output} />
          </article>
        </li>
      ))}
    </ol>
  );
}

function ScoreChip({
  score: { scorer, value, pass, label, reason, status }
}: {
  readonly score: SessionTurn["scores"][number];
}) {
  const word =
    status !== "ok" ? "unscored" : (label ?? (pass === null ? formatNumber(value ?? 0) : pass ? "pass" : "fail"));
  const tone = status !== "ok" || pass === null ? "" : pass ? " status-good" : " status-bad";
  const sign = status !== "ok" || pass === null ? "" : pass ? "✓ " : "✕ ";
  return (
    <span className={`chip${tone}`} title={reason ?? undefined}>
      {sign}
      {scorer}: {word}
    </span>
  );
}

function Said({ who, text }: { readonly who: string; readonly text: string | null }) {
  const [isWhole, setIsWhole] = useState(false);
  const isLong = text !== null && text.length > shortCharacters;
  return (
    <section className="thread-said" aria-label={who}>
      <span className="faint" style={{ fontSize: 12 }}>
        {who}
      </span>
      {text === null || text === "" ? (
        <p className="faint">nothing was said</p>
      ) : (
        <p className="said">{isLong && !isWhole ? `${text.slice(0, shortCharacters)}…` : text}</p>
      )}
      {isLong ? (
        <button type="button" className="button button-quiet button-small" onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? "Less" : `All ${formatNumber(text.length)} characters`}
        </button>
      ) : null}
    </section>
  );
}
