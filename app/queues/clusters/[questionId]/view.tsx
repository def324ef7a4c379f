"use client";
import "./cluster-question.css";
import Link from "next/link";
import { useEffect, useRef, useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { type ClusterVerdict, clusterVerdicts } from "#lib/model/cluster-question.ts";
import {
  type ClusterJudgementRequest,
  type ClusterQuestionReply,
  clusterQuestionPaths
} from "#lib/wire/cluster-questions.ts";
import { SelectionActions } from "../../../_parts/selection-actions.tsx";
import { StateNotice } from "../../../_parts/state-notice.tsx";
import { TimeText } from "../../../_parts/text.tsx";
import { useAnswer } from "../../../_parts/trace-answer.tsx";
import { useAttempt } from "../../../_parts/use-attempt.ts";

const meanings: Readonly<Record<ClusterVerdict, string>> = {
  candidate: "It may be an issue; more has to be seen",
  "confirmed issue": "The agent goes wrong here, in the same way each time; Home shows an alert",
  "not an issue": "The agent does what it should",
  "needs splitting": "These are several things at once"
};

/** What an expert is asked of a cluster: traces that stand for it, four verdicts by keys, and why. */
export function ClusterQuestionView({ questionId }: { readonly questionId: string }) {
  const asked = useAnswer<ClusterQuestionReply>(clusterQuestionPaths.one(questionId));
  const [said, setSaid] = useState<ClusterQuestionReply | null>(null);
  const reply = said ?? asked.value;
  return (
    <>
      <header className="title-bar">
        <h1>{reply?.label ?? (reply ? `Cluster ${reply.clusterId + 1}` : "Cluster")}</h1>
        {reply ? (
          <span className="soft num">
            <Link href={`/maps/${reply.mapId}`}>{reply.mapTitle}</Link> · {reply.businessUnit} · {sizeOf(reply)}
          </span>
        ) : null}
        {reply?.verdict ? <span className="chip">{reply.verdict}</span> : null}
      </header>
      <div className="content">
        {asked.fault ? <StateNotice notice={{ kind: "fault", fault: asked.fault }} /> : null}
        {!reply && !asked.fault ? <StateNotice notice={{ kind: "waiting", label: "Reading the question" }} /> : null}
        {reply ? <Question reply={reply} onSaid={setSaid} /> : null}
      </div>
    </>
  );
}

function sizeOf({ sizeNow, size, into }: ClusterQuestionReply): string {
  if (sizeNow !== null)
    return `${sizeNow.toLocaleString("en-US")} traces now, ${size.toLocaleString("en-US")} when asked`;
  const where = into.length > 0 ? `; its traces went into ${into.map((id) => id + 1).join(", ")}` : "";
  return `no longer a cluster of its own${where}`;
}

interface QuestionProps {
  readonly reply: ClusterQuestionReply;
  readonly onSaid: (reply: ClusterQuestionReply) => void;
}

function Question({ reply, onSaid }: QuestionProps) {
  const own = reply.judgements.find(({ userId }) => userId === reply.me);
  const [verdict, setVerdict] = useState<ClusterVerdict | null>(own?.verdict ?? null);
  const [note, setNote] = useState(own?.note ?? "");
  const { isBusy, fault, attempt } = useAttempt();
  const why = useRef<HTMLTextAreaElement>(null);
  const submit = async () => {
    if (verdict === null || isBusy) return;
    const request: ClusterJudgementRequest = {
      ...{ verdict, note, mapVersion: reply.newestVersion, baseVersion: own?.version ?? 0 }
    };
    await attempt(async () =>
      onSaid(await ask<ClusterQuestionReply>(clusterQuestionPaths.one(reply.questionId), "POST", request))
    );
  };
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
      const chosen = clusterVerdicts[Number(event.key) - 1];
      if (isTyping || !chosen || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      setVerdict(chosen);
      why.current?.focus();
    };
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, []);
  return (
    <div className="cluster-question">
      <section aria-label="Traces that stand for the cluster" className="stack">
        <p className="cluster-question-asked">{reply.question}</p>
        {reply.traces.map(({ traceId, input, output }, at) => (
          <article key={traceId} className="card cluster-question-trace">
            <Link href={`/traces/${traceId}`} className="soft num">
              Trace {at + 1} of {reply.traces.length}
            </Link>
            {input === null && output === null ? <p className="soft">This trace is gone, or says nothing.</p> : null}
            {input === null ? null : (
              <p>
                <span className="soft">Asked</span> {input}
              </p>
            )}
            {output === null ? null : (
              <p>
                <span className="soft">Answered</span> {output}
              </p>
            )}
          </article>
        ))}
      </section>
      <aside className="stack cluster-question-side">
        <form
          className="card stack"
          aria-label="Your verdict"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <h2>What is it?</h2>
          <div role="radiogroup" aria-label="Verdict" className="stack" style={{ gap: 6 }}>
            {clusterVerdicts.map((each, at) => (
              <label key={each} className="cluster-question-verdict" data-chosen={verdict === each}>
                <input
                  type="radio"
                  name="verdict"
                  checked={verdict === each}
                  onChange={() => {
                    setVerdict(each);
                    why.current?.focus();
                  }}
                />
                <kbd>{at + 1}</kbd>
                <span>
                  <strong>{each}</strong>
                  <br />
                  <span className="soft">{meanings[each]}</span>
                </span>
              </label>
            ))}
          </div>
          <label className="field">
            Why
            <textarea
              ref={why}
              className="input"
              rows={4}
              maxLength={2000}
              value={note}
              onChange={({ target }) => setNote(target.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit();
              }}
            />
          </label>
          {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
          <button
            type="submit"
            className="button button-main"
            disabled={verdict === null || note.trim() === "" || isBusy}
          >
            {own ? "Change the verdict" : "Give the verdict"} <kbd>Ctrl+Enter</kbd>
          </button>
        </form>
        {own ? <Said reply={reply} /> : <p className="soft">What others said is shown once you have said yours.</p>}
        {reply.sizeNow === null ? null : (
          <div className="card">
            <SelectionActions
              selection={{ kind: "cluster", mapId: reply.mapId, clusterId: reply.clusterId }}
              title={reply.label ?? `Cluster ${reply.clusterId + 1}`}
            />
          </div>
        )}
      </aside>
    </div>
  );
}

function Said({ reply }: { readonly reply: ClusterQuestionReply }) {
  return (
    <section className="card stack" aria-label="What was said">
      <h2>What was said</h2>
      {reply.judgements.map(({ userId, verdict, note, madeAtMs, mapVersion }) => (
        <div key={userId}>
          <strong>{verdict}</strong>
          <p>{note}</p>
          <span className="soft">
            {userId === reply.me ? "you" : (reply.names[userId] ?? userId)} · <TimeText atMs={madeAtMs} />
            {mapVersion === reply.newestVersion ? "" : ` · of version ${mapVersion} of the map`}
          </span>
        </div>
      ))}
    </section>
  );
}
