"use client";
import { useState } from "react";
import { ask } from "#lib/browser/api.ts";
import { formatCost, formatCount, formatDuration } from "#lib/browser/format.ts";
import { type FaultReport, reportOf } from "#lib/model/fault.ts";
import type { PromotedScorer } from "#lib/model/promoted-scorer.ts";
import { paths } from "#lib/wire/paths.ts";
import type { RuleForecastReply, ScorerReply } from "#lib/wire/scorers.ts";
import { Button } from "../../_parts/button.tsx";
import { StateNotice } from "../../_parts/state-notice.tsx";
import { type RuleDraft, useRuleDraft } from "./use-rule-draft.ts";

interface NewRuleProps {
  readonly newest: PromotedScorer;
  readonly areas: ScorerReply["areas"];
  readonly onMade: () => void;
  readonly onClose: () => void;
}

/** Which traffic is to be scored, how much of it and from when; what that would be is counted while it is written. */
export function NewRule({ newest, areas, onMade, onClose }: NewRuleProps) {
  const { draft, request, count, fault, isCounting, change } = useRuleDraft(newest);
  const [failed, setFailed] = useState<FaultReport | null>(null);
  const isSound = request.rate > 0 && request.rate <= 1 && draft.units.length > 0 && fault === null;
  const make = async () => {
    try {
      await ask(paths.scorerRules(newest.scorerId), "POST", request);
      onMade();
    } catch (error) {
      setFailed(reportOf(error));
    }
  };
  return (
    <form
      className="card rule-form"
      style={{ padding: 16 }}
      aria-label="New rule"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <Condition draft={draft} areas={areas} fault={fault} onChange={change} />
      <CountText count={count} isCounting={isCounting} isOlder={draft.older} />
      <Choices draft={draft} newest={newest} onChange={change} />
      {failed ? <StateNotice notice={{ kind: "fault", fault: failed }} /> : null}
      <div className="row">
        <button type="submit" className="button button-main" disabled={!isSound}>
          Make the rule
        </button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </form>
  );
}

interface PartProps {
  readonly draft: RuleDraft;
  readonly onChange: (changes: Partial<RuleDraft>) => void;
}

function Condition({
  draft,
  areas,
  fault,
  onChange
}: PartProps & { readonly areas: NewRuleProps["areas"]; readonly fault: FaultReport | null }) {
  return (
    <div className="stack" style={{ gap: 6 }}>
      <div className="row">
        <label htmlFor="rule-condition" className="grow">
          Which traces: an SQL condition over the columns of <code>traces</code>
        </label>
        {areas.length === 0 ? null : (
          <select
            className="input input-small"
            aria-label="Take an area of a map"
            value=""
            onChange={({ target }) => onChange({ predicate: areas[Number(target.value)]!.predicate })}
          >
            <option value="" disabled>
              Area of a map…
            </option>
            {areas.map(({ title }, at) => (
              <option key={title} value={at}>
                {title}
              </option>
            ))}
          </select>
        )}
      </div>
      <textarea
        id="rule-condition"
        className="input"
        spellCheck={false}
        aria-invalid={fault !== null}
        aria-describedby="rule-fault"
        value={draft.predicate}
        onChange={({ target }) => onChange({ predicate: target.value })}
      />
      <div id="rule-fault" aria-live="polite">
        {fault ? (
          <p className="status-bad">
            ✕ {fault.position ? `Line ${fault.position.line}, column ${fault.position.column}: ` : ""}
            {fault.message} <span className="soft">{fault.hint}</span>
          </p>
        ) : null}
      </div>
    </div>
  );
}

function CountText({
  count,
  isCounting,
  isOlder
}: {
  readonly count: RuleForecastReply | null;
  readonly isCounting: boolean;
  readonly isOlder: boolean;
}) {
  if (!count) return <p className="faint">{isCounting ? "Counting…" : ""}</p>;
  const { traces, sampled, lastDay, msPerTrace, seconds, costUsd } = count;
  return (
    <p className="num" role="status" style={{ opacity: isCounting ? 0.6 : 1 }}>
      <strong>{formatCount(traces, "trace")}</strong> of the lake {traces === 1 ? "matches" : "match"},{" "}
      {lastDay.toLocaleString("en-US")} of them on the newest day; {sampled.toLocaleString("en-US")} would be in the
      sample.
      {isOlder ? (
        <span className="soft">
          {" "}
          Scoring them takes{" "}
          {seconds === null
            ? "a time that is not known before the first"
            : `about ${formatDuration(seconds * 1000)} (${msPerTrace!.toPrecision(2)} ms each, measured)`}
          {costUsd === null ? "." : costUsd === 0 ? " and costs nothing." : ` and costs about ${formatCost(costUsd)}.`}
        </span>
      ) : null}
    </p>
  );
}

function Choices({ draft, newest, onChange }: PartProps & { readonly newest: PromotedScorer }) {
  const toggle = (unit: string, isOn: boolean) =>
    onChange({ units: newest.businessUnits.filter((own) => (own === unit ? isOn : draft.units.includes(own))) });
  return (
    <>
      {newest.businessUnits.length > 1 ? (
        <fieldset className="row" style={{ border: 0, padding: 0, margin: 0, flexWrap: "wrap" }}>
          <legend className="sr-only">Business units</legend>
          {newest.businessUnits.map((unit) => (
            <label key={unit} className="field">
              <input
                type="checkbox"
                checked={draft.units.includes(unit)}
                onChange={({ target }) => toggle(unit, target.checked)}
              />
              {unit}
            </label>
          ))}
        </fieldset>
      ) : null}
      <div className="rule-choices">
        <label className="field">
          Score
          <input
            className="input input-small num"
            style={{ width: 76 }}
            inputMode="decimal"
            value={draft.percent}
            onChange={({ target }) => onChange({ percent: target.value })}
          />
          % of them
        </label>
        <label className="field" title="Traces that began before are left alone; empty takes them all">
          begun since
          <input
            className="input input-small"
            type="datetime-local"
            value={draft.from}
            onChange={({ target }) => onChange({ from: target.value })}
          />
        </label>
        <label className="field">
          with
          <select
            className="input input-small"
            value={draft.pinned ? "pinned" : "newest"}
            onChange={({ target }) => onChange({ pinned: target.value === "pinned" })}
          >
            <option value="newest">the newest version</option>
            <option value="pinned">version {newest.version}, always</option>
          </select>
        </label>
        <label
          className="field"
          title="What asking a model may cost in a day of UTC; the rest of the day is then unscored"
        >
          for at most $
          <input
            className="input input-small num"
            style={{ width: 76 }}
            inputMode="decimal"
            placeholder="no cap"
            value={draft.cap}
            onChange={({ target }) => onChange({ cap: target.value })}
          />
          a day
        </label>
        <label className="field">
          <input
            type="checkbox"
            checked={draft.older}
            onChange={({ target }) => onChange(target.checked ? { older: true, from: "" } : { older: false })}
          />
          Score older traces, too
        </label>
      </div>
    </>
  );
}
