"use client";
import Link from "next/link";
import { useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { formatCount } from "#lib/browser/format.ts";
import { listJudges } from "#lib/browser/judges.ts";
import { mostItems, plainReviewing, type Queue, type SampleRule } from "#lib/model/queue.ts";
import { plainRubric, type Rubric } from "#lib/model/rubric.ts";
import type { Selection } from "#lib/model/selection.ts";
import { paths } from "#lib/wire/paths.ts";
import type { PeopleReply } from "#lib/wire/people.ts";
import { peoplePaths } from "#lib/wire/people-paths.ts";
import type { QueueRequest, SamplePlanReply } from "#lib/wire/selections.ts";
import { PeopleInput } from "./people-input.tsx";
import { RubricBox } from "./rubric-box.tsx";
import { StateNotice } from "./state-notice.tsx";
import { useAnswer } from "./trace-answer.tsx";
import { useAttempt } from "./use-attempt.ts";
import { useSamplePlan } from "./use-sample-plan.ts";

interface SelectionQueueProps {
  readonly selection: Selection;
  readonly title: string;
}

/** Sends a stratified sample to a queue; how many of each stratum, and with which chance, is seen before. */
export function SelectionQueue({ selection, title }: SelectionQueueProps) {
  const [name, setName] = useState(title);
  const [count, setCount] = useState(20);
  const [by, setBy] = useState("cluster");
  const [spread, setSpread] = useState<SampleRule["spread"]>("proportional");
  const [seed] = useState(() => Math.floor(Math.random() * 2 ** 31));
  const [rubric, setRubric] = useState<Rubric>(plainRubric);
  const [reviewing, setReviewing] = useState(plainReviewing);
  const [made, setMade] = useState<Queue | null>(null);
  const { isBusy, fault, attempt } = useAttempt();
  const [isNaming, setNaming] = useState(false);
  const rule: SampleRule = { count, by: readStrata(by, rubric), spread, seed };
  const asked = useSamplePlan({ selection, rule });
  const known = useAnswer<PeopleReply>(isNaming ? peoplePaths.people() : null);
  const units = [...new Set((asked.plan?.strata ?? []).map(({ businessUnit }) => businessUnit))];
  const judges = known.value && asked.plan ? listJudges(known.value.people, units) : null;
  const taken = asked.plan?.strata.reduce((sum, stratum) => sum + stratum.taken, 0) ?? 0;
  const fill = () =>
    attempt(async () => {
      const request: QueueRequest = { title: name, selection, rule, rubric, reviewing };
      setMade(await ask<Queue>(paths.queues(), "POST", request));
    });
  if (made) {
    return (
      <div className="selection-panel" role="status">
        <span>
          {formatCount(made.items, "trace")} in the queue <Link href={paths.queuePage(made.queueId)}>{made.title}</Link>
          .
        </span>
      </div>
    );
  }
  const isReady = name.trim() !== "" && asked.plan !== null && !asked.waiting && !isBusy;
  return (
    <form
      className="selection-panel"
      onSubmit={(event) => {
        event.preventDefault();
        void fill();
      }}
    >
      <div className="row">
        <label className="field">
          Title
          <input
            className="input input-small"
            style={{ width: 280 }}
            maxLength={120}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <label className="field">
          Traces
          <input
            type="number"
            className="input input-small"
            style={{ width: 76 }}
            min={1}
            max={mostItems}
            value={count}
            onChange={({ target }) => setCount(Math.max(1, Math.min(mostItems, Math.round(target.valueAsNumber || 1))))}
          />
        </label>
        <label className="field">
          Strata
          <select
            className="select input-small"
            value={by}
            onChange={({ target }) => {
              setBy(target.value);
              if (target.value.startsWith("[")) setSpread("equal");
            }}
          >
            <option value="cluster">by cluster</option>
            <option value="agent">by agent</option>
            <option value="unit">by business unit alone</option>
            {(asked.plan?.scorers ?? []).map((scorer) => (
              <option key={scorer} value={`score:${scorer}`}>
                by score of {scorer}
              </option>
            ))}
            {listPairs(asked.plan?.scorers ?? []).map(([one, other]) => (
              <option key={`${one} ${other}`} value={JSON.stringify([one, other])}>
                by whether {one} and {other} differ
              </option>
            ))}
            {(asked.plan?.scorers ?? []).map((scorer) => (
              <option key={`people ${scorer}`} value={JSON.stringify([scorer, null])}>
                by whether {scorer} and people differ
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          Of each
          <select
            className="select input-small"
            value={spread}
            onChange={({ target }) => setSpread(target.value === "equal" ? "equal" : "proportional")}
          >
            <option value="proportional">its share, at least one</option>
            <option value="equal">the same number</option>
          </select>
        </label>
      </div>
      {asked.plan ? <PlanTable plan={asked.plan} waiting={asked.waiting} /> : null}
      {asked.fault ? <StateNotice notice={{ kind: "fault", fault: asked.fault }} /> : null}
      {asked.plan || asked.fault ? null : <StateNotice notice={{ kind: "waiting", label: "Counting the strata" }} />}
      <RubricBox rubric={rubric} onChange={setRubric} />
      <div className="row">
        <label className="field">
          People who judge each
          <input
            type="number"
            className="input input-small"
            style={{ width: 60 }}
            min={1}
            max={9}
            value={reviewing.reviewsPerItem}
            onChange={({ target }) =>
              setReviewing({
                ...reviewing,
                reviewsPerItem: Math.max(1, Math.min(9, Math.round(target.valueAsNumber || 1)))
              })
            }
          />
        </label>
        <label className="field">
          <input
            type="checkbox"
            checked={reviewing.isBlind}
            onChange={({ target }) => setReviewing({ ...reviewing, isBlind: target.checked })}
          />
          Blind: what somebody says of a trace is hidden from others until all have judged it
        </label>
        {reviewing.reviewsPerItem > 1 ? (
          <label className="field">
            Where they differ
            <select
              className="select input-small"
              value={reviewing.decideBy}
              onChange={({ target }) =>
                setReviewing({ ...reviewing, decideBy: target.value === "majority" ? "majority" : "unanimous" })
              }
            >
              <option value="unanimous">an adjudicator decides</option>
              <option value="majority">most decide, of a draw an adjudicator</option>
            </select>
          </label>
        ) : null}
      </div>
      <div className="row">
        <PeopleInput
          label="Reviewers"
          choices={judges}
          onFocus={() => setNaming(true)}
          placeholder="anybody who may judge in the unit"
          people={reviewing.reviewers}
          onChange={(reviewers) => setReviewing({ ...reviewing, reviewers })}
        />
        <PeopleInput
          label="Adjudicators"
          choices={judges}
          onFocus={() => setNaming(true)}
          placeholder="who administers the unit"
          people={reviewing.adjudicators}
          onChange={(adjudicators) => setReviewing({ ...reviewing, adjudicators })}
        />
      </div>
      <div className="row">
        <button type="submit" className="button button-main button-small" disabled={!isReady}>
          {isBusy ? "Sending …" : `Send ${formatCount(taken, "trace")} to the queue`}
        </button>
      </div>
      {known.fault ? <StateNotice notice={{ kind: "fault", fault: known.fault }} /> : null}
      {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
    </form>
  );
}

/** At most ten pairs of scorers whose verdicts can be held against each other. */
function listPairs(scorers: readonly string[]): readonly (readonly [string, string])[] {
  return scorers.flatMap((one, at) => scorers.slice(at + 1).map((other) => [one, other] as const)).slice(0, 10);
}

function readStrata(value: string, { labels }: Rubric): SampleRule["by"] {
  if (value.startsWith("[")) {
    const [scorer, other] = JSON.parse(value) as [string, string | null];
    if (other !== null) return { kind: "disagreement", scorer, other: { kind: "scorer", scorer: other } };
    // The first label of a rubric is the one of what went well, as it comes.
    const [fine, wrong] = [labels.slice(0, 1), labels.slice(1, 2)].map((part) => part.map(({ name }) => name));
    return { kind: "disagreement", scorer, other: { kind: "people", fine: fine ?? [], wrong: wrong ?? [] } };
  }
  if (value.startsWith("score:")) return { kind: "score", scorer: value.slice(6) };
  return { kind: value === "agent" || value === "unit" ? value : "cluster" };
}

function PlanTable({ plan, waiting }: { readonly plan: SamplePlanReply; readonly waiting: boolean }) {
  const hasUnits = new Set(plan.strata.map(({ businessUnit }) => businessUnit)).size > 1;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys, too
    <section className="selection-scroll" aria-label="Strata" aria-busy={waiting} tabIndex={0}>
      <table className="table" aria-label="Sample">
        <thead>
          <tr>
            {hasUnits ? <th>Unit</th> : null}
            <th>Stratum</th>
            <th className="right">Traces</th>
            <th className="right">Drawn</th>
            <th className="right">Chance of each</th>
          </tr>
        </thead>
        <tbody>
          {plan.strata.map(({ businessUnit, stratum, traces, taken, inclusionProbability }) => (
            <tr key={`${businessUnit}/${stratum}`}>
              {hasUnits ? <td>{businessUnit}</td> : null}
              <td>{stratum}</td>
              <td className="right">{traces.toLocaleString("en-US")}</td>
              <td className="right">{taken.toLocaleString("en-US")}</td>
              <td className="right" title={String(inclusionProbability)}>
                {inclusionProbability.toPrecision(3)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
