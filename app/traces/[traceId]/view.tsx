"use client";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { statusLooks } from "#lib/browser/outcome-words.ts";
import { paths } from "#lib/wire/paths.ts";
import type { SpanReply, SpansReply, TraceReply } from "#lib/wire/traces.ts";
import { Button } from "../../_parts/button.tsx";
import { SimilarTraces } from "../../_parts/similar-traces.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { CostText, DurationText, NumberText, TimeText } from "../../_parts/text.tsx";
import { useAnswer } from "../../_parts/trace-answer.tsx";
import { TraceConversation } from "../../_parts/trace-conversation.tsx";
import { TraceSpan } from "../../_parts/trace-span.tsx";
import { TraceStatements } from "../../_parts/trace-statements.tsx";
import { StatusChip } from "../../_parts/trace-status.tsx";
import { TraceTimeline } from "../../_parts/trace-timeline.tsx";
import { TraceTree } from "../../_parts/trace-tree.tsx";

/** The tree at the left; the conversation, or the chosen span, at the right. */
export function TraceView({ traceId }: { readonly traceId: string }) {
  const router = useRouter();
  const [spoken, setSpoken] = useState<number | undefined>(undefined);
  const { value, fault } = useAnswer<TraceReply>(paths.trace(traceId, spoken));
  const whole = useAnswer<SpansReply>(value?.spansCut ? paths.spans(traceId) : null);
  const isTimeline = useSearchParams().get("view") === "timeline";
  const [spanId, setSpanId] = useState<string | null>(null);
  const [isSimilar, setIsSimilar] = useState(false);
  const [words, setWords] = useState("");
  const [back, setBack] = useState<{ readonly href: string; readonly ids: readonly string[] }>({
    href: "/traces",
    ids: []
  });
  const find = useRef<HTMLInputElement>(null);
  const span = useAnswer<SpanReply>(spanId === null ? null : paths.span(traceId, spanId));
  const at = back.ids.indexOf(traceId);
  const previous = at > 0 ? back.ids[at - 1] : undefined;
  const next = at >= 0 ? back.ids[at + 1] : undefined;

  useEffect(() => {
    const kept = sessionStorage.getItem("trace-list");
    if (kept) setBack(JSON.parse(kept) as { href: string; ids: string[] });
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLElement && event.target.closest("input, select, textarea, dialog")) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "j" && next) router.push(`/traces/${next}`);
      else if (event.key === "k" && previous) router.push(`/traces/${previous}`);
      else if (event.key === "/") find.current?.focus();
      else if (event.key === "Escape") {
        setSpanId(null);
        setIsSimilar(false);
      } else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [router, next, previous]);

  if (fault)
    return (
      <Opening>
        <StateNotice
          notice={{
            kind: "fault",
            fault,
            action: (
              <Link className="button" href={back.href}>
                All traces
              </Link>
            )
          }}
        />
      </Opening>
    );
  if (!value)
    return (
      <Opening>
        <StateNotice notice={{ kind: "waiting", label: "Opening the trace" }} />
      </Opening>
    );
  const { trace } = value;
  const { spans, spansCut } = whole.value ?? value;
  const chooseSpan = (id: string | null) => {
    setSpanId(id);
    setIsSimilar(false);
  };
  const isTalk = spanId === null && !isSimilar;
  const Spans = isTimeline ? TraceTimeline : TraceTree;
  return (
    <div className="trace-page">
      <header className="title-bar">
        <Link href={back.href} className="soft">
          Traces
        </Link>
        <span className="faint" aria-hidden="true">
          /
        </span>
        <h1 style={{ overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", maxWidth: 420 }}>
          {trace.agent ?? trace.name}
        </h1>
        <StatusChip look={statusLooks[trace.status]} />
        <span className="row" style={{ marginLeft: "auto" }}>
          <Button
            small
            aria-pressed={isTimeline}
            onClick={() =>
              router.replace(isTimeline ? `/traces/${traceId}` : `/traces/${traceId}?view=timeline`, { scroll: false })
            }
          >
            {isTimeline ? "Tree" : "Timeline"}
          </Button>
          <input
            ref={find}
            type="search"
            className="input input-small"
            style={{ width: 200 }}
            aria-label="Find in this trace"
            placeholder="Find in trace ( / )"
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          <Button small disabled={!previous} onClick={() => previous && router.push(`/traces/${previous}`)}>
            ↑ Previous <span className="kbd">k</span>
          </Button>
          <Button small disabled={!next} onClick={() => next && router.push(`/traces/${next}`)}>
            ↓ Next <span className="kbd">j</span>
          </Button>
        </span>
      </header>
      <div
        style={{ padding: "10px 24px", borderBottom: "1px solid var(--line)", fontSize: 13, gap: 8 }}
        className="stack"
      >
        <div className="row">
          <dl className="row grow" style={{ gap: "4px 24px", flexWrap: "wrap" }}>
            <Fact word="Unit">{trace.businessUnit}</Fact>
            <Fact word="Began">
              <TimeText atMs={trace.startedAtMs} synthesised={trace.timesSynthesised} />
            </Fact>
            <Fact word="Duration">
              {trace.timesSynthesised ? (
                <span className="faint">not reported</span>
              ) : (
                <DurationText ms={trace.durationMs} />
              )}
            </Fact>
            <Fact word="Tokens in / out">
              <NumberText value={trace.inputTokens} /> / <NumberText value={trace.outputTokens} />
            </Fact>
            <Fact word="Cost">
              <CostText usd={trace.costUsd} />
            </Fact>
            <Fact word="Model">{trace.models.join(", ") || "–"}</Fact>
            <Fact word="Spans">
              <NumberText value={trace.spans} />
            </Fact>
            <Fact word="Trace">
              <code title="Trace id">{trace.traceId}</code>
            </Fact>
          </dl>
          <Button small aria-pressed={isSimilar} onClick={() => setIsSimilar(!isSimilar)}>
            Similar traces
          </Button>
        </div>
        {trace.timesSynthesised ? (
          <p className="soft">The source gave no times: the order is its own, the lengths are made up.</p>
        ) : null}
        {whole.fault ? <StateNotice notice={{ kind: "fault", fault: whole.fault }} /> : null}
        {whole.value?.spansCut ? (
          <StateNotice
            notice={{
              kind: "partial",
              sentence: `The tree shows the first ${spans.length.toLocaleString("en-US")} of ${trace.spans.toLocaleString("en-US")} spans.`
            }}
          />
        ) : spansCut && !whole.fault ? (
          <p className="soft" role="status">
            The first {spans.length.toLocaleString("en-US")} spans are here; the rest is on its way.
          </p>
        ) : null}
        <TraceStatements scores={value.scores} annotations={value.annotations} onSpan={chooseSpan} />
      </div>
      <div
        style={{
          display: "grid",
          gridTemplateColumns: isTimeline
            ? isTalk
              ? "minmax(0, 1fr)"
              : "minmax(0, 1fr) minmax(320px, 38%)"
            : "minmax(280px, 38%) minmax(0, 1fr)",
          // A row of its own would grow with what it holds, and then every span would be drawn.
          gridTemplateRows: "minmax(0, 1fr)",
          flex: "1 0 320px",
          // A percentage of nothing, so that the box has the height that is left and not that of its rows.
          height: 0
        }}
      >
        <Spans spans={spans} chosen={spanId} words={words} durationMs={trace.durationMs} onChoose={chooseSpan} />
        <section
          aria-label={isSimilar ? "Similar traces" : spanId ? "Span" : "Conversation"}
          hidden={isTimeline && isTalk}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must take the keyboard
          tabIndex={0}
          style={{ overflow: "auto", borderLeft: "1px solid var(--line)", padding: "16px 24px", outlineOffset: -2 }}
        >
          {isSimilar ? (
            <SimilarTraces traceId={traceId} unit={trace.businessUnit} onClose={() => setIsSimilar(false)} />
          ) : spanId === null ? (
            <TraceConversation
              turns={value.conversation}
              spoken={value.spoken}
              words={words}
              onSpan={chooseSpan}
              onMore={() => setSpoken(Math.min(25_000, value.spoken.shown * 4))}
            />
          ) : (
            <>
              <Button small tone="quiet" onClick={() => setSpanId(null)}>
                {isTimeline ? "Close" : "← Conversation"} <span className="kbd">Esc</span>
              </Button>
              {span.fault ? <StateNotice notice={{ kind: "fault", fault: span.fault }} /> : null}
              {span.value?.span.spanId === spanId ? (
                <TraceSpan reply={span.value} words={words} />
              ) : span.fault ? null : (
                <StateNotice notice={{ kind: "waiting" }} />
              )}
            </>
          )}
        </section>
      </div>
    </div>
  );
}

/** The frame of a trace that is not there yet, or not at all. */
function Opening({ children }: { readonly children: React.ReactNode }) {
  return (
    <>
      <header className="title-bar">
        <h1>Trace</h1>
      </header>
      <div className="content">{children}</div>
    </>
  );
}

function Fact({ word, children }: { readonly word: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt className="faint" style={{ fontSize: 12 }}>
        {word}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
