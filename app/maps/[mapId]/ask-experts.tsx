"use client";
import Link from "next/link";
import { useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { type ClusterQuestion, mostSampled } from "#lib/model/cluster-question.ts";
import type { SeenCluster } from "#lib/model/seen-clusters.ts";
import {
  type ClusterQuestionRequest,
  type ClusterQuestionRow,
  clusterQuestionPaths
} from "#lib/wire/cluster-questions.ts";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { useAttempt } from "../../_parts/use-attempt.ts";

interface AskExpertsProps {
  readonly mapId: string;
  readonly cluster: SeenCluster;
  readonly units: readonly string[];
  /** Questions about this cluster that were asked before. */
  readonly asked: readonly ClusterQuestionRow[];
  readonly onAsked: () => void;
}

/** Sends a cluster to the experts of a unit: a question, and a sample of the unit's traces in it. */
export function AskExperts({ mapId, cluster, units, asked, onAsked }: AskExpertsProps) {
  const left = units.filter((unit) => !asked.some(({ businessUnit }) => businessUnit === unit));
  const [unit, setUnit] = useState(left[0] ?? "");
  const [question, setQuestion] = useState(`Are these traces one issue, "${cluster.label}"?`);
  const [count, setCount] = useState(10);
  const [seed] = useState(() => Math.floor(Math.random() * 2 ** 31));
  const { isBusy, fault, attempt } = useAttempt();
  const send = () =>
    attempt(async () => {
      const businessUnit = left.includes(unit) ? unit : left[0]!;
      const request: ClusterQuestionRequest = {
        ...{ mapId, clusterId: cluster.clusterId, businessUnit, question, count, seed }
      };
      await ask<ClusterQuestion>(clusterQuestionPaths.all(), "POST", request);
      onAsked();
    });
  return (
    <div className="selection" style={{ marginTop: 8 }}>
      {asked.map((row) => (
        <span key={row.questionId}>
          <Link href={clusterQuestionPaths.page(row.questionId)}>Asked of {row.businessUnit}</Link>
          <span className="soft">
            {" "}
            · {row.verdict ?? "no verdict yet"} · {row.judgements.length.toLocaleString("en-US")} said something
          </span>
        </span>
      ))}
      {left.length > 0 ? (
        <form
          className="selection-panel"
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          <div className="row">
            <label className="field">
              Ask the experts of
              <select className="select input-small" value={unit} onChange={({ target }) => setUnit(target.value)}>
                {left.map((each) => (
                  <option key={each}>{each}</option>
                ))}
              </select>
            </label>
            <label className="field">
              Traces shown
              <input
                type="number"
                className="input input-small"
                style={{ width: 76 }}
                min={1}
                max={mostSampled}
                value={count}
                onChange={({ target }) =>
                  setCount(Math.max(1, Math.min(mostSampled, Math.round(target.valueAsNumber || 1))))
                }
              />
            </label>
            <label className="field grow">
              Question
              <input
                className="input input-small"
                style={{ width: "100%" }}
                maxLength={2000}
                value={question}
                onChange={({ target }) => setQuestion(target.value)}
              />
            </label>
          </div>
          {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
          <div>
            <button type="submit" className="button button-small" disabled={isBusy || question.trim() === ""}>
              {isBusy ? "Sending …" : "Ask experts"}
            </button>
          </div>
        </form>
      ) : null}
    </div>
  );
}
