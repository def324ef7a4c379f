"use client";
import { useState } from "react";
import { formatDuration } from "#lib/browser/format.ts";
import type { PassCounts } from "#lib/model/scoring-rule.ts";
import type { Names } from "#lib/wire/people.ts";
import type { RuleChange, RuleReply } from "#lib/wire/scorers.ts";
import { Button } from "../../_parts/button.tsx";
import { Fact } from "../../_parts/fact.tsx";
import { Sure } from "../../_parts/sure.tsx";
import { CostText, NumberText, TimeText } from "../../_parts/text.tsx";
import { RuleLog } from "./rule-log.tsx";

interface RuleCardProps {
  readonly reply: RuleReply;
  readonly newestVersion: number;
  readonly names: Names;
  readonly onChange: (action: RuleChange["action"]) => void;
  readonly onRemove: () => void;
}

/** A rule: which traffic, how much of it, whether it keeps up, and what it did. */
export function RuleCard({ reply, newestVersion, names, onChange, onRemove }: RuleCardProps) {
  const { rule, log, lagMs } = reply;
  const [isAsking, setAsking] = useState(false);
  const version = rule.version === null ? `the newest version (${newestVersion})` : `version ${rule.version}`;
  const total = sum(log.days);
  return (
    <article className="card stack rule" style={{ padding: 16, gap: 10 }} aria-label={`Rule for ${rule.predicate}`}>
      <div className="row" style={{ flexWrap: "wrap" }}>
        <RuleState reply={reply} />
        <span className="soft">
          {rule.rate === 1 ? "every trace" : `${Number((rule.rate * 100).toPrecision(4))} % of the traces`} of{" "}
          {rule.businessUnits.join(", ")} with {version}
          {rule.fromMs === null ? null : (
            <>
              , begun since <TimeText atMs={rule.fromMs} />
            </>
          )}
          {rule.dailyCapUsd === null ? null : `, for at most $${rule.dailyCapUsd} a day`}
        </span>
        <span className="row" style={{ marginLeft: "auto" }}>
          {rule.pause ? (
            <Button small onClick={() => onChange("resume")}>
              Resume
            </Button>
          ) : (
            <Button small onClick={() => onChange("pause")}>
              Pause
            </Button>
          )}
          {rule.backfill === null || rule.backfill.isDone ? (
            <Button
              small
              title="Scores the matching traces that are in the lake with the version that the rule takes now; the scores of earlier versions stay"
              onClick={() => onChange("scoreOlder")}
            >
              Score older
            </Button>
          ) : null}
          <Button tone="danger" small onClick={() => setAsking(true)}>
            Delete
          </Button>
        </span>
      </div>
      {isAsking ? (
        <div className="row" role="alertdialog" aria-label="Delete the rule">
          <Sure
            about="It scores nothing any more. Its scores stay, its log goes."
            yes="Yes, delete it"
            onYes={onRemove}
            onKeep={() => setAsking(false)}
          />
        </div>
      ) : null}
      <pre className="rule-text">{rule.predicate}</pre>
      {rule.pause ? (
        <p className="soft">
          {rule.pause.because ?? `Paused by ${names[rule.pause.userId ?? ""] ?? rule.pause.userId}`} (
          <TimeText atMs={rule.pause.atMs} />
          ). What arrives meanwhile is scored when it is resumed.
        </p>
      ) : null}
      {rule.backfill && !rule.backfill.isDone ? (
        <p className="soft num">
          Older traces: {rule.backfill.done.toLocaleString("en-US")} dealt with so far, from the newest back.
        </p>
      ) : null}
      <dl className="row" style={{ gap: 24, fontSize: 13 }}>
        <Fact word="traces that matched">
          <NumberText value={total.seen} />
        </Fact>
        <Fact word="in the sample">
          <NumberText value={total.sampled} />
        </Fact>
        <Fact word="scored">
          <NumberText value={total.scored} />
        </Fact>
        <Fact word="unscored">
          <NumberText value={total.unscored} />
        </Fact>
        <Fact word="cost">
          <CostText usd={total.costUsd} />
        </Fact>
        <Fact word="wait for their root">
          <NumberText value={rule.waiting} />
        </Fact>
        <Fact word="behind">
          <span className="num">{lagMs === null ? "–" : lagMs === 0 ? "nothing" : formatDuration(lagMs)}</span>
        </Fact>
      </dl>
      <RuleLog log={log} />
    </article>
  );
}

function RuleState({ reply: { rule, log } }: { readonly reply: RuleReply }) {
  if (rule.pause) return <strong className="status-warn">▲ paused</strong>;
  const [last] = log.passes;
  return last?.fault ? (
    <strong className="status-bad">✕ failing: {last.fault}</strong>
  ) : (
    <strong className="status-good">● active</strong>
  );
}

function sum(days: readonly PassCounts[]): PassCounts {
  const add = (read: (day: PassCounts) => number) => days.reduce((total, day) => total + read(day), 0);
  return {
    seen: add(({ seen }) => seen),
    sampled: add(({ sampled }) => sampled),
    scored: add(({ scored }) => scored),
    unscored: add(({ unscored }) => unscored),
    costUsd: add(({ costUsd }) => costUsd)
  };
}
