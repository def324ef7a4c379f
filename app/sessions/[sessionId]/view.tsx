"use client";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { formatCount } from "#lib/browser/format.ts";
import { paths } from "#lib/wire/paths.ts";
import { turnsPerPage } from "#lib/wire/sessions.ts";
import type { SessionReply } from "#lib/wire/traces.ts";
import { SessionThread } from "../../_parts/session-thread.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { CostText, DurationText, NumberText, TimeText } from "../../_parts/text.tsx";
import { useAnswer } from "../../_parts/trace-answer.tsx";
import "../../_parts/trace-list.css";

/** A session as a thread of its traces, a page of them at a time. */
export function ThreadView({ sessionId }: { readonly sessionId: string }) {
  const query = useSearchParams();
  const { value, fault, waiting } = useAnswer<SessionReply>(`${paths.session(sessionId)}?${query}`);
  const marked = query.get("trace")?.toLowerCase() ?? null;
  return (
    <>
      <header className="title-bar">
        <Link href="/sessions" className="soft">
          Sessions
        </Link>
        <h1 className="cut" style={{ maxWidth: 520 }} title={sessionId}>
          {sessionId}
        </h1>
        {value ? <Facts reply={value} /> : null}
      </header>
      <div className="content content-prose thread" aria-busy={waiting}>
        {fault ? (
          <StateNotice
            notice={{
              kind: "fault",
              fault,
              action: (
                <Link className="button" href="/sessions">
                  All sessions
                </Link>
              )
            }}
          />
        ) : null}
        {!value && !fault ? <StateNotice notice={{ kind: "waiting", label: "Opening the session" }} /> : null}
        {value ? (
          <>
            {value.alsoIn.length > 0 ? (
              <StateNotice
                notice={{
                  kind: "partial",
                  sentence: (
                    <>
                      Another session has the same id in{" "}
                      {value.alsoIn.map((unit, at) => (
                        <span key={unit}>
                          {at > 0 ? ", " : ""}
                          <Link href={paths.sessionPage(unit, sessionId)}>{unit}</Link>
                        </span>
                      ))}
                      .
                    </>
                  )
                }}
              />
            ) : null}
            <Pages reply={value} />
            <SessionThread turns={value.turns} marked={marked} />
            <Pages reply={value} />
          </>
        ) : null}
      </div>
    </>
  );
}

function Facts({ reply: { session } }: { readonly reply: SessionReply }) {
  return (
    <div className="row soft" style={{ flexWrap: "wrap", marginLeft: "auto", fontSize: 13, gap: 12 }}>
      <span>{session.businessUnit}</span>
      <span>{session.agents.join(", ")}</span>
      <span>
        <TimeText atMs={session.startedAtMs} synthesised={session.timesSynthesised} />
      </span>
      <span className="num">{formatCount(session.traces, "trace")}</span>
      <span className={session.errors > 0 ? "status-bad" : ""}>
        {session.errors > 0 ? `✕ ${formatCount(session.errors, "error")}` : "no errors"}
      </span>
      {session.timesSynthesised ? null : <DurationText ms={session.endedAtMs - session.startedAtMs} />}
      <CostText usd={session.costUsd} />
    </div>
  );
}

/** Where in the thread one is, and the ways to its other parts; nothing where all of it is shown. */
function Pages({ reply: { session, from, turns } }: { readonly reply: SessionReply }) {
  if (session.traces <= turnsPerPage && from === 0) return null;
  const last = session.traces - ((session.traces - 1) % turnsPerPage) - 1;
  const to = (place: number) =>
    `${paths.sessionPage(session.businessUnit, session.sessionId)}${place > 0 ? `&from=${place}` : ""}`;
  const way = (words: string, place: number, isThere: boolean) =>
    isThere ? (
      <Link className="button button-small" href={to(place)}>
        {words}
      </Link>
    ) : null;
  return (
    <nav className="row" aria-label="Parts of the session" style={{ padding: "8px 0", fontSize: 13 }}>
      {way("First", 0, from > 0)}
      {way("Before", Math.max(0, from - turnsPerPage), from > 0)}
      <span className="soft">
        Traces <NumberText value={Math.min(from + 1, session.traces)} /> to <NumberText value={from + turns.length} />{" "}
        of <NumberText value={session.traces} />
      </span>
      {way("After", from + turnsPerPage, from + turns.length < session.traces)}
      {way("Last", last, from + turns.length < session.traces)}
    </nav>
  );
}
