"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { formatNamed } from "#lib/browser/judges.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { GoldReply, GoldRequest } from "#lib/wire/gold.ts";
import { paths } from "#lib/wire/paths.ts";
import type { QueueNumbersReply } from "#lib/wire/queue-numbers.ts";
import type { QueueReply } from "#lib/wire/selections.ts";
import { Button } from "../../_parts/button.tsx";
import { LabelDraft } from "../../_parts/label-draft.tsx";
import { OriginText } from "../../_parts/origin-text.tsx";
import { PageSteps } from "../../_parts/page-steps.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { TimeText } from "../../_parts/text.tsx";
import { useAnswer } from "../../_parts/trace-answer.tsx";
import { FillingPanel } from "./filling-panel.tsx";
import { ItemTable } from "./item-table.tsx";
import { QueueNumbers } from "./queue-numbers.tsx";
import { RubricChange } from "./rubric-change.tsx";

/** A queue: what waits, from which stratum and with which chance, and a label for each. */
export function QueueView({ queueId }: { readonly queueId: string }) {
  const router = useRouter();
  const [offset, setOffset] = useState(0);
  const [isDrafting, setDrafting] = useState(false);
  const [failed, setFailed] = useState<FaultReport | null>(null);
  const [isChanging, setChanging] = useState(false);
  // Counts what was changed here, so that all of it is read again.
  const [turn, setTurn] = useState(0);
  const { value, fault } = useAnswer<QueueReply>(`${paths.queue(queueId)}?offset=${offset}&turn=${turn}`);
  const numbers = useAnswer<QueueNumbersReply>(`${paths.queueReview(queueId)}?turn=${turn}`);
  const isOwner = numbers.value?.isOwner === true;
  const gold = useAnswer<GoldReply>(isOwner ? `${paths.queueGold(queueId)}?turn=${turn}` : null);
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
      setFailed(null);
      return true;
    } catch (error) {
      setFailed(reportOf(error));
      return false;
    }
  };
  const remove = async () => {
    if (!window.confirm(`Delete the queue "${value?.queue.title}"? Labels that were given stay.`)) return;
    if (await attempt(() => ask<null>(paths.queue(queueId), "DELETE"))) router.push("/queues");
  };
  const setGold = async (request: GoldRequest) => {
    if (await attempt(() => ask<null>(paths.queueGold(queueId), "PUT", request))) setTurn(turn + 1);
  };
  const queue = value?.queue;
  return (
    <>
      <header className="title-bar">
        <h1>{queue?.title ?? "Queue"}</h1>
        {queue ? (
          <span className="soft num">
            {queue.done.toLocaleString("en-US")} of {queue.items.toLocaleString("en-US")} done
          </span>
        ) : null}
        {queue ? (
          <span className="row" style={{ marginLeft: "auto" }}>
            <Link className="button button-main" href={paths.reviewPage(queueId)}>
              Review
            </Link>
            {queue.contested > 0 && numbers.value?.decides ? (
              <Link className="button" href={paths.adjudicatePage(queueId)}>
                Adjudicate {queue.contested.toLocaleString("en-US")}
              </Link>
            ) : null}
            {isOwner ? (
              <Button aria-expanded={isChanging} onClick={() => setChanging(!isChanging)}>
                Change the rubric
              </Button>
            ) : null}
            <Button
              title="A workbook with a scorer drafted from these labels and the reasons for them"
              aria-expanded={isDrafting}
              onClick={() => setDrafting(!isDrafting)}
            >
              Draft a scorer
            </Button>
            {isOwner ? (
              <Button tone="danger" onClick={() => void remove()}>
                Delete
              </Button>
            ) : null}
          </span>
        ) : null}
      </header>
      <div className="content stack" style={{ gap: 12 }}>
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {failed ? <StateNotice notice={{ kind: "fault", fault: failed }} /> : null}
        {!value && !fault ? <StateNotice notice={{ kind: "waiting", label: "Reading the queue" }} /> : null}
        {isDrafting ? <LabelDraft source={{ kind: "queue", id: queueId }} /> : null}
        {queue && isChanging ? (
          <RubricChange
            key={queue.rubric.version}
            queue={queue}
            onDone={() => {
              setChanging(false);
              setTurn(turn + 1);
            }}
          />
        ) : null}
        {value && queue ? (
          <>
            <p className="soft" style={{ fontSize: 13 }}>
              Units {queue.businessUnits.join(", ")} · drawn <TimeText atMs={queue.createdAtMs} /> with seed{" "}
              {queue.rule.seed}, {queue.rule.spread === "equal" ? "the same number" : "in proportion"} by{" "}
              {queue.rule.by.kind === "score" ? `score of ${queue.rule.by.scorer}` : queue.rule.by.kind} · rubric
              version {queue.rubric.version} ·{" "}
              {queue.reviewing.reviewsPerItem === 1
                ? "one person judges each"
                : `${queue.reviewing.reviewsPerItem} people judge each`}
              {queue.reviewing.isBlind ? ", blind" : ""}
              {queue.reviewing.reviewers ? ` · reviewers ${formatNamed(queue.reviewing.reviewers, value.names)}` : ""}
              {queue.reviewing.adjudicators
                ? ` · adjudicators ${formatNamed(queue.reviewing.adjudicators, value.names)}`
                : ""}
              {queue.reviewing.reviewsPerItem > 1
                ? ` · ${queue.reviewing.decideBy === "majority" ? "most decide" : "any difference is adjudicated"}`
                : ""}
            </p>
            <OriginText origin={queue.origin} />
            <dl className="queue-rubric">
              {queue.rubric.labels.map(({ name, meaning }) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd className="soft">{meaning || "no meaning given"}</dd>
                </div>
              ))}
              {queue.rubric.scales.map(({ name, meaning, low, high }) => (
                <div key={`scale ${name}`}>
                  <dt>
                    {name} {low} to {high}
                  </dt>
                  <dd className="soft">{meaning || "no meaning given"}</dd>
                </div>
              ))}
              {queue.rubric.fields.map(({ name, isRequired }) => (
                <div key={`field ${name}`}>
                  <dt>{name}</dt>
                  <dd className="soft">a text{isRequired ? ", needed" : ""}</dd>
                </div>
              ))}
            </dl>
            {value.items.some(({ input }) => input === null) ? (
              <StateNotice
                notice={{
                  kind: "partial",
                  sentence: "Some of these traces are no longer in the lake: they can be labelled, but not read."
                }}
              />
            ) : null}
            {isOwner && queue.reviewing.mode === "labels" ? (
              <details>
                <summary className="soft">Keep filling it by a rule</summary>
                <FillingPanel queue={queue} />
              </details>
            ) : null}
            {numbers.value?.canExport ? (
              <p className="row soft" style={{ fontSize: 13 }}>
                Take out what was said:
                <a href={`${paths.queueExport(queueId)}?format=csv`} download>
                  CSV
                </a>
                <a href={`${paths.queueExport(queueId)}?format=jsonl`} download>
                  OpenInference annotations
                </a>
                {numbers.value.isHidden ? "Of traces that not all have judged, what you said alone." : null}
              </p>
            ) : null}
            {numbers.fault ? <StateNotice notice={{ kind: "fault", fault: numbers.fault }} /> : null}
            {numbers.value ? <QueueNumbers numbers={numbers.value} /> : null}
            <ItemTable
              queueId={queueId}
              items={value.items}
              gold={
                gold.value && {
                  items: gold.value.items,
                  labels: queue.rubric.labels.map(({ name }) => name),
                  onChange: (request) => void setGold(request)
                }
              }
            />
            <PageSteps offset={offset} total={queue.items} onOffset={setOffset} />
          </>
        ) : null}
      </div>
    </>
  );
}
