"use client";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import { statusLooks } from "#lib/browser/outcome-words.ts";
import { sharingPaths } from "#lib/wire/sharing-paths.ts";
import type { TraceLink } from "#lib/wire/trace-links.ts";
import { Button } from "../../_parts/button.tsx";
import { CommentThreads } from "../../_parts/comment-threads.tsx";
import { RevealBox } from "../../_parts/reveal-box.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { TraceHits } from "../../_parts/trace-hits.tsx";
import { TraceLinks } from "../../_parts/trace-links.tsx";
import { TraceStatements } from "../../_parts/trace-statements.tsx";
import { StatusChip } from "../../_parts/trace-status.tsx";
import { TraceTimeline } from "../../_parts/trace-timeline.tsx";
import { TraceTree } from "../../_parts/trace-tree.tsx";
import { useComments } from "../../_parts/use-comments.ts";
import { TraceFacts } from "./facts.tsx";
import { TraceNotices } from "./notices.tsx";
import { TracePane } from "./pane.tsx";
import { useFind } from "./use-find.ts";
import { useNeighbours } from "./use-neighbours.ts";
import { useTrace } from "./use-trace.ts";
import "../../_parts/trace-page.css";

const views = ["tree", "timeline", "conversation", "raw"] as const;

interface TraceViewProps {
  readonly traceId: string;
  readonly links: readonly TraceLink[];
  /** Units that hide something which whoever looks may reveal. */
  readonly reveals: readonly string[];
}

/** One trace: its spans at the left, what was chosen at the right. */
export function TraceView({ traceId, links, reveals }: TraceViewProps) {
  const router = useRouter();
  const query = useSearchParams();
  const view = views.find((name) => name === query.get("view")) ?? "tree";
  const spanId = query.get("span");
  const [isSimilar, setIsSimilar] = useState(false);
  const [talks, setTalks] = useState(query.has("comments"));
  const talk = useComments(sharingPaths.traceComments(traceId));
  const [purpose, setPurpose] = useState<string | null>(null);
  const trace = useTrace(traceId);
  const { back, previous, next } = useNeighbours(traceId);
  const field = useRef<HTMLInputElement>(null);

  const setQuery = useCallback((name: "view" | "span", value: string | null) => {
    const address = new URL(window.location.href);
    if (value === null) address.searchParams.delete(name);
    else address.searchParams.set(name, value);
    window.history.replaceState(null, "", address);
  }, []);
  const chooseSpan = useCallback(
    (id: string | null) => {
      setQuery("span", id);
      setIsSimilar(false);
    },
    [setQuery]
  );
  const find = useFind(traceId, chooseSpan);
  const { step } = find;

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLElement && event.target.closest("input, select, textarea, dialog")) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "j" && next) router.push(`/traces/${next}`);
      else if (event.key === "k" && previous) router.push(`/traces/${previous}`);
      else if (event.key === "n") step(1);
      else if (event.key === "N") step(-1);
      else if (event.key === "/") field.current?.select();
      else if (event.key === "Escape") chooseSpan(null);
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [router, next, previous, step, chooseSpan]);

  const { opened, tree, clock } = trace;
  if (!opened)
    return (
      <Opening>
        <StateNotice
          notice={
            trace.fault
              ? {
                  kind: "fault",
                  fault: trace.fault,
                  action: (
                    <Link className="button" href={back}>
                      All traces
                    </Link>
                  )
                }
              : { kind: "waiting", label: "Opening the trace" }
          }
        />
      </Opening>
    );
  const summary = opened.trace;
  const openThreads = (talk.reply?.threads ?? []).filter(({ isResolved }) => !isResolved).length;
  const isAlone = (view === "timeline" || view === "conversation") && spanId === null && !isSimilar;
  const pane = {
    traceId,
    opened,
    tree,
    words: find.asked,
    purpose,
    onSpan: chooseSpan,
    onSimilar: setIsSimilar
  };
  const linked = tree.spans[Math.max(0, spanId === null ? 0 : tree.placeOf(spanId))];
  return (
    <div className="trace-page">
      <header className="title-bar">
        <Link href={back} className="soft">
          Traces
        </Link>
        <span className="faint" aria-hidden="true">
          /
        </span>
        <h1 className="one-line" style={{ maxWidth: 320 }}>
          {summary.agent ?? summary.name}
        </h1>
        <StatusChip look={statusLooks[summary.status]} />
        <span className="row" style={{ marginLeft: "auto", flexWrap: "wrap" }}>
          <fieldset className="view-switch">
            <legend className="sr-only">View</legend>
            {views.map((name) => (
              <Button
                key={name}
                small
                aria-pressed={view === name}
                onClick={() => setQuery("view", name === "tree" ? null : name)}
              >
                {name === "raw" ? "Raw" : name.charAt(0).toUpperCase() + name.slice(1)}
              </Button>
            ))}
          </fieldset>
          <input
            ref={field}
            type="search"
            className="input input-small"
            style={{ width: 180 }}
            aria-label="Find in this trace"
            placeholder="Find in trace ( / )"
            maxLength={200}
            value={find.words}
            onChange={(event) => find.type(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
              else if (event.key === "Escape") {
                find.type("");
                event.currentTarget.blur();
              } else return;
              event.preventDefault();
            }}
          />
          <Button small disabled={!previous} onClick={() => previous && router.push(`/traces/${previous}`)}>
            ↑ Previous <span className="kbd">k</span>
          </Button>
          <Button small disabled={!next} onClick={() => next && router.push(`/traces/${next}`)}>
            ↓ Next <span className="kbd">j</span>
          </Button>
        </span>
      </header>
      <div className="stack trace-facts">
        <div className="row" style={{ flexWrap: "wrap" }}>
          <TraceFacts opened={opened} />
          {linked ? (
            <TraceLinks
              links={links}
              place={{
                traceId: summary.traceId,
                spanId: linked.spanId,
                startMs: summary.startedAtMs,
                endMs: summary.startedAtMs + summary.durationMs,
                service: opened.service ?? ""
              }}
            />
          ) : null}
          <Button small aria-pressed={isSimilar} onClick={() => setIsSimilar(!isSimilar)}>
            Similar traces
          </Button>
          <Button small aria-pressed={talks} onClick={() => setTalks(!talks)}>
            Comments{openThreads > 0 ? ` (${openThreads})` : ""}
          </Button>
          {reveals.includes(summary.businessUnit) ? <RevealBox purpose={purpose} onReveal={setPurpose} /> : null}
        </div>
        <TraceNotices trace={trace} onSpan={chooseSpan} />
        {talks ? (
          <>
            <p className="soft" style={{ fontSize: 13 }}>
              {spanId === null
                ? "A new comment is about the trace as a whole."
                : "A new comment is about the chosen span."}
            </p>
            <CommentThreads talk={talk} place={spanId} isAll onPlace={chooseSpan} />
          </>
        ) : null}
        <TraceStatements
          scores={opened.scores}
          annotations={opened.annotations}
          names={opened.names}
          onSpan={chooseSpan}
        />
      </div>
      {find.fault ? <StateNotice notice={{ kind: "fault", fault: find.fault }} /> : null}
      {find.reply ? (
        <TraceHits
          words={find.asked}
          reply={find.reply}
          at={find.at}
          tree={tree}
          onGo={find.go}
          onClose={() => find.type("")}
        />
      ) : null}
      <div className="trace-body" data-view={view} data-alone={isAlone}>
        {view === "timeline" ? (
          <TraceTimeline tree={tree} clock={clock} chosen={spanId} onChoose={chooseSpan} />
        ) : view === "conversation" ? (
          <TracePane {...pane} shown={{ kind: "conversation" }} />
        ) : (
          <TraceTree tree={tree} clock={clock} chosen={spanId} onChoose={chooseSpan} />
        )}
        {isAlone ? null : (
          <TracePane
            {...pane}
            shown={
              isSimilar
                ? { kind: "similar" }
                : spanId !== null
                  ? { kind: view === "raw" ? "raw span" : "span", spanId }
                  : { kind: view === "raw" ? "raw trace" : "conversation" }
            }
          />
        )}
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
