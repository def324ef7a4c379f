"use client";
import Link from "next/link";
import { type ClusterQuestionsReply, clusterQuestionPaths } from "#lib/wire/cluster-questions.ts";
import { paths } from "#lib/wire/paths.ts";
import type { QueuesReply } from "#lib/wire/selections.ts";
import { StateNotice } from "../_parts/state-notice.tsx";
import { TimeText } from "../_parts/text.tsx";
import { useAnswer } from "../_parts/trace-answer.tsx";
import { PairForm } from "./pair-form.tsx";

/** Queues, the newest first, each with how far it is. */
export function QueuesView() {
  const { value, fault } = useAnswer<QueuesReply>(paths.queues());
  const clusters = useAnswer<ClusterQuestionsReply>(clusterQuestionPaths.all());
  return (
    <>
      <header className="title-bar">
        <h1>Queues</h1>
      </header>
      <div className="content">
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {!value && !fault ? <StateNotice notice={{ kind: "waiting", label: "Reading queues" }} /> : null}
        {value?.queues.length === 0 ? (
          <StateNotice
            notice={{
              kind: "empty",
              title: "Nothing waits for a person.",
              next: (
                <>
                  Open a <Link href="/maps">map</Link>, draw around some traces, and send a sample of them to a queue.
                </>
              )
            }}
          />
        ) : null}
        {value && value.queues.length > 0 ? <QueueTable queues={value.queues} /> : null}
        {clusters.value && clusters.value.questions.length > 0 ? <ClusterTable {...clusters.value} /> : null}
        <details style={{ marginTop: 16 }}>
          <summary className="soft">Compare traces in pairs</summary>
          <PairForm />
        </details>
      </div>
    </>
  );
}

function QueueTable({ queues }: QueuesReply) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th>Queue</th>
          <th>Units</th>
          <th>Progress</th>
          <th className="right">Done</th>
          <th className="right">Traces</th>
          <th>Labels</th>
          <th>Made</th>
        </tr>
      </thead>
      <tbody>
        {queues.map((queue) => (
          <tr key={queue.queueId}>
            <td>
              <Link href={paths.queuePage(queue.queueId)}>{queue.title}</Link>
            </td>
            <td>{queue.businessUnits.join(", ")}</td>
            <td>
              <div
                className="progress"
                role="progressbar"
                aria-label={`Progress of ${queue.title}`}
                aria-valuemin={0}
                aria-valuemax={queue.items}
                aria-valuenow={queue.done}
              >
                <span style={{ width: `${(100 * queue.done) / Math.max(1, queue.items)}%` }} />
              </div>
            </td>
            <td className="right">{queue.done.toLocaleString("en-US")}</td>
            <td className="right">{queue.items.toLocaleString("en-US")}</td>
            <td>{queue.rubric.labels.map(({ name }) => name).join(", ")}</td>
            <td>
              <TimeText atMs={queue.createdAtMs} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Clusters that experts are asked about, the newest question first. */
function ClusterTable({ questions }: ClusterQuestionsReply) {
  return (
    <section aria-labelledby="clusters-to-judge">
      <h2 id="clusters-to-judge">Clusters to judge</h2>
      <table className="table">
        <thead>
          <tr>
            <th>Cluster</th>
            <th>Map</th>
            <th>Unit</th>
            <th>Question</th>
            <th>Verdict</th>
            <th className="right">Said by</th>
            <th>Asked</th>
          </tr>
        </thead>
        <tbody>
          {questions.map((row) => (
            <tr key={row.questionId}>
              <td>
                <Link href={clusterQuestionPaths.page(row.questionId)}>
                  {row.label ?? `Cluster ${row.clusterId + 1}`}
                </Link>
              </td>
              <td>{row.mapTitle}</td>
              <td>{row.businessUnit}</td>
              <td>{row.question}</td>
              <td>{row.verdict ?? <span className="soft">none yet</span>}</td>
              <td className="right num">{row.judgements.length.toLocaleString("en-US")}</td>
              <td>
                <TimeText atMs={row.askedAtMs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
