"use client";
import Link from "next/link";
import { readAgreement } from "#lib/browser/evidence.ts";
import { paths } from "#lib/wire/paths.ts";
import type { ScorerRow, ScorersReply } from "#lib/wire/scorers.ts";
import { StateNotice } from "../_parts/state-notice.tsx";
import { RateText } from "../_parts/text.tsx";
import { useAnswer } from "../_parts/trace-answer.tsx";

/** Promoted scorers by name, each with its rules and what they found in the last day. */
export function ScorersView() {
  const { value, fault } = useAnswer<ScorersReply>(paths.scorers());
  return (
    <>
      <header className="title-bar">
        <h1>Scorers</h1>
        <span className="soft">
          Promoted scorers and judges, and the rules by which they score traffic as it arrives.
        </span>
      </header>
      <div className="content">
        {fault ? <StateNotice notice={{ kind: "fault", fault }} /> : null}
        {!value && !fault ? <StateNotice notice={{ kind: "waiting", label: "Reading scorers" }} /> : null}
        {value?.scorers.length === 0 ? (
          <StateNotice
            notice={{
              kind: "empty",
              title: "No scorer has been promoted yet.",
              next: (
                <>
                  Write a scorer or a judge in a <Link href="/workbooks">workbook</Link>, look at it beside people's
                  labels, and promote it there. Rules then score traffic with it.
                </>
              )
            }}
          />
        ) : null}
        {value && value.scorers.length > 0 ? <ScorerTable scorers={value.scorers} /> : null}
      </div>
    </>
  );
}

function ScorerTable({ scorers }: { readonly scorers: readonly ScorerRow[] }) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">Scorer</th>
          <th scope="col">Kind</th>
          <th scope="col" className="right">
            Version
          </th>
          <th scope="col">Units</th>
          <th scope="col">Rules</th>
          <th scope="col" title="Of what its rules scored, each weighed by its chance of being scored">
            Last 24 hours
          </th>
          <th scope="col">Agrees with people</th>
        </tr>
      </thead>
      <tbody>
        {scorers.map((scorer) => (
          <tr key={scorer.scorerId}>
            <td>
              <Link href={paths.scorerPage(scorer.scorerId)}>{scorer.name}</Link>
            </td>
            <td>{scorer.kind}</td>
            <td className="right num">{scorer.version}</td>
            <td>{scorer.businessUnits.join(", ")}</td>
            <td>
              <RuleCount {...scorer} />
            </td>
            <td>
              {scorer.lastDay.n === 0 ? (
                <span className="faint">nothing scored</span>
              ) : (
                <RateText rate={scorer.lastDay.rate} interval={scorer.lastDay.interval} n={scorer.lastDay.n} />
              )}
            </td>
            <td>
              <AgreementText evidence={scorer.evidence} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RuleCount({ rulesActive, rulesPaused }: Pick<ScorerRow, "rulesActive" | "rulesPaused">) {
  if (rulesActive + rulesPaused === 0) return <span className="faint">none</span>;
  return (
    <>
      {rulesActive > 0 ? <span className="status-good">● {rulesActive} active </span> : null}
      {rulesPaused > 0 ? <span className="status-warn">▲ {rulesPaused} paused</span> : null}
    </>
  );
}

/** What was measured against people when a version was promoted. */
export function AgreementText({ evidence }: Pick<ScorerRow, "evidence">) {
  const agreement = readAgreement(evidence);
  if (!agreement) return <span className="faint">not measured</span>;
  const { observed, kappa, n } = agreement;
  return (
    <>
      <RateText rate={observed.value} interval={observed.interval} n={n} />
      {kappa.value === null ? null : <span className="soft num"> κ {kappa.value.toFixed(2)}</span>}
    </>
  );
}
