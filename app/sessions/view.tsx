"use client";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { formatCount } from "#lib/browser/format.ts";
import { paths } from "#lib/wire/paths.ts";
import type { FacetsReply, SessionsReply } from "#lib/wire/traces.ts";
import { StateNotice } from "../_parts/state-notice.tsx";
import { CostText, DurationText, NumberText, TimeText } from "../_parts/text.tsx";
import { useAnswer } from "../_parts/trace-answer.tsx";
import { StatusChip } from "../_parts/trace-status.tsx";
import "../_parts/trace-list.css";

/** Words that are being typed wait this long for the next letter, in ms. */
const restMs = 250;

/** Sessions, those that went on last first, of one unit or all. */
export function SessionsView() {
  const router = useRouter();
  const query = useSearchParams();
  const [unit, words] = [query.get("unit") ?? "", query.get("words") ?? ""];
  const [typed, setTyped] = useState(words);
  const { value, fault } = useAnswer<SessionsReply>(`${paths.sessions()}?${query}`);
  const units = useAnswer<FacetsReply>(`${paths.facets()}?facet=unit`);
  const isFiltered = unit !== "" || words !== "";

  useEffect(() => setTyped(words), [words]);
  useEffect(() => {
    if (typed.trim() === words) return;
    const timer = setTimeout(() => router.replace(addressOf(unit, typed.trim())), restMs);
    return () => clearTimeout(timer);
  }, [typed, words, unit, router]);
  return (
    <>
      <header className="title-bar">
        <h1>Sessions</h1>
        <input
          className="input grow"
          type="search"
          style={{ maxWidth: 320, marginLeft: "auto" }}
          aria-label="Find a session by its id"
          placeholder="Find by id"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        <label className="field">
          Business unit
          <select
            className="select"
            value={unit}
            onChange={({ target }) => router.replace(addressOf(target.value, words))}
          >
            <option value="">all</option>
            {(units.value?.facets.unit?.choices ?? []).map(([name]) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </header>
      <div className="content">
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {!value && !fault ? <StateNotice notice={{ kind: "waiting", label: "Reading sessions" }} /> : null}
        {value?.sessions.length === 0 ? (
          <StateNotice
            notice={{
              kind: "empty",
              title: isFiltered ? "No session is like that." : "No trace belongs to a session yet.",
              next: isFiltered ? (
                <Link href="/sessions">Show all sessions</Link>
              ) : (
                <>
                  Send <code>session.id</code> or <code>gen_ai.conversation.id</code> with the spans of an agent.
                </>
              )
            }}
          />
        ) : null}
        {value && value.sessions.length > 0 ? <SessionTable sessions={value.sessions} /> : null}
        <p className="row" style={{ marginTop: 16 }}>
          {query.has("before") ? (
            <Link className="button" href={addressOf(unit, words)}>
              Newest sessions
            </Link>
          ) : null}
          {value?.next ? (
            <Link className="button" href={addressOf(unit, words, value.next)}>
              Older sessions
            </Link>
          ) : null}
        </p>
      </div>
    </>
  );
}

function SessionTable({ sessions }: Pick<SessionsReply, "sessions">) {
  return (
    <div style={{ overflowX: "auto" }}>
      <table className="table">
        <thead>
          <tr>
            <th>Session</th>
            <th>Began</th>
            <th>Unit</th>
            <th>Agents</th>
            <th>First message</th>
            <th>Errors</th>
            <th className="right">Traces</th>
            <th className="right">Duration</th>
            <th className="right">Cost</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={`${session.businessUnit}/${session.sessionId}`}>
              <td>
                <Link href={paths.sessionPage(session.businessUnit, session.sessionId)} title={session.sessionId}>
                  <span className="cut" style={{ display: "inline-block", maxWidth: 180, verticalAlign: "bottom" }}>
                    {session.sessionId}
                  </span>
                </Link>
              </td>
              <td style={{ whiteSpace: "nowrap" }}>
                <TimeText atMs={session.startedAtMs} short synthesised={session.timesSynthesised} />
              </td>
              <td>{session.businessUnit}</td>
              <td>
                <div className="cut" style={{ maxWidth: 180 }} title={session.agents.join(", ")}>
                  {session.agents.join(", ") || <span className="faint">–</span>}
                </div>
              </td>
              <td style={{ maxWidth: 360 }}>
                <div className="cut" title={session.input ?? ""}>
                  {session.input ?? <span className="faint">–</span>}
                </div>
              </td>
              <td>
                {session.errors > 0 ? (
                  <StatusChip look={{ tone: "bad", sign: "✕", word: formatCount(session.errors, "error") }} />
                ) : (
                  <span className="faint">none</span>
                )}
              </td>
              <td className="right">
                <NumberText value={session.traces} />
              </td>
              <td className="right" style={{ whiteSpace: "nowrap" }}>
                <DurationText ms={session.timesSynthesised ? null : session.endedAtMs - session.startedAtMs} />
              </td>
              <td className="right">
                <CostText usd={session.costUsd} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function addressOf(unit: string, words: string, before?: string): string {
  const query = new URLSearchParams();
  if (unit !== "") query.set("unit", unit);
  if (words !== "") query.set("words", words);
  if (before !== undefined) query.set("before", before);
  return query.size === 0 ? "/sessions" : `/sessions?${query}`;
}
